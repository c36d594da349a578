import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { METRICS, Metric } from '@music-etl/contracts';
import { parse } from 'yaml';
import type { Item } from '../shared/aws/item.ts';
import { MemoryObjects, MemoryScreen, MemorySink, MemoryTable } from '../testing/fakes.ts';
import { exportAll } from './export.ts';

/** The contract entry in docs/extend.md. As a literal in one line it is YAML too. */
const documented = (): Metric => {
  const docs = readFileSync(join(__dirname, '../../../docs/extend.md'), 'utf8');
  const block = /```ts\n(.*?)```/s.exec(docs)?.[1] ?? '';
  return Metric.parse(parse(block.trim().replace(/,$/, '')));
};

const header: Item = {
  metric_key: { S: 'header' },
  period: { S: '2018-11-15' },
  generation: { N: '1' },
  loading_generation: { N: '1' },
  ledger: { M: { accepted: { N: '3' }, counted: { N: '2' }, skipped: { N: '1' }, duplicate: { N: '0' } } },
};

/** An item as publish/items.py makes it of any metric: its fields are 1, 2, … */
const itemOf = ({ name, key, fields }: Metric, value: string): Item => ({
  metric_key: { S: key ? `${name}#${value}` : name },
  period: { S: '2018-11-15' },
  period_key: { S: `2018-11-15#${name}` },
  ...(key ? { [key]: { S: value } } : {}),
  ...Object.fromEntries(Object.keys(fields).map((field, i) => [field, { N: String(i + 1) }])),
});

test('the metric that docs/extend.md adds is exported by its entry alone', async () => {
  const metric = documented();
  const metrics = [...METRICS.filter(({ name }) => name !== metric.name), metric];
  const table = new MemoryTable([header, itemOf(metric, 't2'), itemOf(metric, 't1')]);
  const sink = new MemorySink();
  const deps = { objects: new MemoryObjects(), table, screen: new MemoryScreen(), begin: async () => sink, metrics };
  await exportAll(deps, 'out', { from: null, to: null });
  expect(sink.files[`${metric.name}.jsonl`]).toEqual([
    '{"date":"2018-11-15","track_id":"t1","listen_count":1,"skip_count":2}',
    '{"date":"2018-11-15","track_id":"t2","listen_count":1,"skip_count":2}',
  ]);
});
