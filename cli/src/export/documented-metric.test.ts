import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { METRICS, Metric } from '@music-etl/contracts';
import { parse } from 'yaml';
import type { Attribute, Item } from '../shared/aws/item.ts';
import { MemoryObjects, MemoryScreen, MemorySink, MemoryTable } from '../testing/fakes.ts';
import { exportAll } from './export.ts';

const DATE = '2018-11-15';

const parsed = (block: string): Metric[] => {
  try {
    // An object literal without comments is YAML, too.
    return [Metric.parse(parse(block.trim().replace(/,$/, '')))];
  } catch {
    return [];
  }
};

/** Finds the contract entry of a metric in docs/extend.md. */
const documented = (): Metric => {
  const docs = readFileSync(join(__dirname, '../../../docs/extend.md'), 'utf8');
  const [metric] = [...docs.matchAll(/```ts\n(.*?)```/gs)].flatMap(([, block = '']) => parsed(block));
  if (!metric) throw new Error('docs/extend.md shows no contract entry of a metric');
  return metric;
};

const header: Item = {
  metric_key: { S: 'header' },
  period: { S: DATE },
  generation: { N: '1' },
  loading_generation: { N: '1' },
  ledger: { M: { accepted: { N: '3' }, counted: { N: '2' }, skipped: { N: '1' }, duplicate: { N: '0' } } },
};

const values = (names: readonly string[]): [string, number][] => names.map((name, i) => [name, i + 1]);
const attributes = (names: readonly string[]): Record<string, Attribute> =>
  Object.fromEntries(values(names).map(([name, n]) => [name, { N: String(n) }]));

/** Builds an item as the load job writes it; its fields, and the entries of a list, are 1, 2, … */
const itemOf = ({ name, key, fields }: Metric, value: string): Item => ({
  metric_key: { S: key ? `${name}#${value}` : name },
  period: { S: DATE },
  period_key: { S: `${DATE}#${name}` },
  ...(key ? { [key]: { S: value } } : {}),
  ...attributes(Object.keys(fields)),
  ...Object.fromEntries(
    Object.entries(fields).flatMap(([field, type]) =>
      typeof type === 'string' ? [] : [[field, { L: [{ M: attributes(Object.keys(type.entries)) }] }]],
    ),
  ),
});

const lineOf = ({ key, fields }: Metric, value: string): string =>
  JSON.stringify({
    date: DATE,
    ...(key ? { [key]: value } : {}),
    ...Object.fromEntries(
      values(Object.keys(fields)).map(([field, n]) => {
        const type = fields[field];
        if (type === undefined || typeof type === 'string') return [field, n];
        return [field, [Object.fromEntries(values(Object.keys(type.entries)))]];
      }),
    ),
  });

test('the metric that docs/extend.md adds is exported by its entry alone', async () => {
  const metric = documented();
  const metrics = [...METRICS.filter(({ name }) => name !== metric.name), metric];
  const table = new MemoryTable([header, itemOf(metric, 'b'), itemOf(metric, 'a')]);
  const sink = new MemorySink();
  const deps = { objects: new MemoryObjects(), table, screen: new MemoryScreen(), begin: async () => sink, metrics };
  await exportAll(deps, 'out', { from: null, to: null });
  const keys = metric.key === null ? ['b', 'a'] : ['a', 'b'];
  expect(sink.files[`${metric.name}.jsonl`]).toEqual(keys.map((key) => lineOf(metric, key)));
});
