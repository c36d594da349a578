import { METRICS, Metric } from '../src/metrics.ts';

test.each(METRICS.map((metric) => [metric.name, metric] as const))('%s is a valid entry', (_, metric) => {
  expect(Metric.parse(metric)).toEqual(metric);
  expect(Object.keys(metric.fields)).not.toHaveLength(0);
});

test('no two metrics have the same name, which begins the keys of their items', () => {
  expect(new Set(METRICS.map(({ name }) => name)).size).toBe(METRICS.length);
});

test('no field has the name of something that every item or line carries', () => {
  const taken = [
    'date',
    'as_of',
    'metric_key',
    'period',
    'period_key',
    'generation',
    'run_id',
    'reference_version',
    'computed_at',
  ];
  for (const { key, fields } of METRICS) {
    expect(Object.keys(fields).filter((field) => field === key || taken.includes(field))).toEqual([]);
  }
});

test('a metric with many items a day can be sorted by listen_count, as the index by_period does', () => {
  for (const { key, fields } of METRICS) if (key !== null) expect(fields).toMatchObject({ listen_count: 'integer' });
});

/** Returns the columns of a metric's SQL: the key, the fields that are no list, and the entries of its list. */
const columnsOf = ({ key, fields }: Metric): (string | null)[] => [
  key,
  ...Object.entries(fields).flatMap(([name, field]) =>
    typeof field === 'string'
      ? [name]
      : Object.entries(field.entries).map(([entry, type]) => (typeof type === 'string' ? entry : type.column)),
  ),
];

test.each(METRICS.map((metric) => [metric.name, metric] as const))('%s has no column twice', (_, metric) => {
  const columns = columnsOf(metric);
  expect(new Set(columns).size).toBe(columns.length);
});

test('a metric has at most one list, whose entries are ordered by their first name', () => {
  for (const { fields } of METRICS) {
    const lists = Object.values(fields).filter((field) => typeof field !== 'string');
    expect(lists.length).toBeLessThanOrEqual(1);
    for (const { entries } of lists) expect(['rank', 'hour']).toContain(Object.keys(entries)[0]);
  }
});
