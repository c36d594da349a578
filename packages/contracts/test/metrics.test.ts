import { METRICS, Metric } from '../src/metrics.ts';

test.each(METRICS.map((metric) => [metric.name, metric] as const))('%s is a valid entry', (_, metric) => {
  expect(Metric.parse(metric)).toEqual(metric);
  expect(Object.keys(metric.fields)).not.toHaveLength(0);
});

test('no two metrics have one name, since it makes their items keys', () => {
  expect(new Set(METRICS.map(({ name }) => name)).size).toBe(METRICS.length);
});

test('no field has the name of what every item or line carries already', () => {
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
