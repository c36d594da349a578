import { fileKey, METRICS } from '@music-etl/contracts';
import type { Item } from '../shared/aws/item.ts';
import { aFile, aReplayed } from '../testing/builders.ts';
import { MemoryObjects, MemoryScreen, MemorySink, MemoryTable } from '../testing/fakes.ts';
import { exportAll } from './export.ts';

const ALL = { from: null, to: null };
const n = (value: number) => ({ N: String(value) });
const own = { generation: n(4), run_id: { S: 'r' }, reference_version: { S: 'x' }, computed_at: { S: 'now' } };

const header = (date: string, accepted: number, loading = 4): Item => ({
  metric_key: { S: 'header' },
  period: { S: date },
  generation: n(4),
  loading_generation: n(loading),
  ledger: { M: { accepted: n(accepted), counted: n(accepted), skipped: n(0), duplicate: n(0) } },
});
const country = (date: string, name: string, listens: number): Item => ({
  metric_key: { S: `country_daily#${name}` },
  period: { S: date },
  period_key: { S: `${date}#country_daily` },
  country: { S: name },
  unique_listeners: n(1),
  listen_count: n(listens),
  ...own,
});
const trending = (asOf: string): Item => ({
  metric_key: { S: 'trending_24h' },
  period: { S: asOf },
  tracks: {
    L: [
      {
        M: {
          plays_prev_24h: n(0),
          track_id: { S: 't"1' },
          artists: { L: [{ S: 'A' }] },
          track_name: { S: 'N' },
          plays_24h: n(3),
          rank: n(1),
        },
      },
    ],
  },
  ...own,
});

const run = async (
  items: Item[],
  objects = new MemoryObjects(),
  range: { from: string | null; to: string | null } = ALL,
) => {
  const sink = new MemorySink();
  const screen = new MemoryScreen();
  const summary = await exportAll(
    { objects, table: new MemoryTable(items), screen, begin: async () => sink },
    'out',
    range,
  );
  return { sink, summary };
};

test('keys come first, then fields in the order of the contract; lines are sorted by bytes', async () => {
  const items = [
    header('2018-11-16', 1),
    header('2018-11-15', 3),
    country('2018-11-16', 'US', 1),
    country('2018-11-15', 'é', 1),
    country('2018-11-15', 'US', 2),
  ];
  const { sink } = await run(items);
  expect(sink.files['country_daily.jsonl']).toEqual([
    '{"date":"2018-11-15","country":"US","listen_count":2,"unique_listeners":1}',
    '{"date":"2018-11-15","country":"é","listen_count":1,"unique_listeners":1}',
    '{"date":"2018-11-16","country":"US","listen_count":1,"unique_listeners":1}',
  ]);
  expect(sink.ended).toBe('committed');
});

test('a value too long for a partition key is exported whole', async () => {
  const long = 'x'.repeat(3000);
  const { sink } = await run([
    header('2018-11-15', 1),
    { ...country('2018-11-15', long, 1), metric_key: { S: `country_daily#${'x'.repeat(1900)}…0123` } },
  ]);
  expect(sink.files['country_daily.jsonl']).toEqual([
    `{"date":"2018-11-15","country":"${long}","listen_count":1,"unique_listeners":1}`,
  ]);
});

test('every metric has a file; entries of a list have the order of the contract', async () => {
  const { sink } = await run([header('2018-11-15', 1), trending('2018-11-15T18:00:00Z')]);
  expect(Object.keys(sink.files)).toEqual([
    ...METRICS.map(({ name }) => `${name}.jsonl`),
    'dates.jsonl',
    'files.jsonl',
    'quarantine.jsonl',
  ]);
  expect(sink.files['trending_24h.jsonl']).toEqual([
    '{"as_of":"2018-11-15T18:00:00Z","tracks":[{"rank":1,"track_id":"t\\"1","track_name":"N","artists":["A"],' +
      '"plays_24h":3,"plays_prev_24h":0}]}',
  ]);
});

test('the last hour of a date is midnight of the next date', async () => {
  const hours = ['2018-11-15T00:00:00Z', '2018-11-15T01:00:00Z', '2018-11-16T00:00:00Z', '2018-11-16T01:00:00Z'];
  const { sink } = await run(hours.map(trending), new MemoryObjects(), { from: '2018-11-15', to: '2018-11-15' });
  expect(sink.files['trending_24h.jsonl']?.map((line) => JSON.parse(line).as_of)).toEqual(hours.slice(1, 3));
});

test('a date without rows has no line; a date that is being loaded is reported', async () => {
  const { sink, summary } = await run([header('2018-11-15', 2), header('2018-11-17', 0), header('2018-11-18', 1, 5)]);
  expect(sink.files['dates.jsonl']).toEqual([
    '{"date":"2018-11-15","accepted":2,"counted":2,"skipped":0,"duplicate":0}',
    '{"date":"2018-11-18","accepted":1,"counted":1,"skipped":0,"duplicate":0}',
  ]);
  expect(summary.incomplete).toEqual(['2018-11-18']);
});

test('files and their quarantined rows are sorted; a rejected file has zero counts', async () => {
  const held = aFile('streams/b.csv', { state: 'held', quarantine_key: 'quarantine/b' });
  const rejected = aFile('streams/a.csv', { state: 'rejected', ledger: null });
  const objects = new MemoryObjects().set(fileKey(held.file_id), held).set(fileKey(rejected.file_id), rejected);
  objects.setLines('quarantine/b', [
    { key: 'streams/b.csv', reason: 'unknown_user', detail: 'u2', raw: 'x\u2028y', extra: 1 },
    { key: 'streams/b.csv', reason: 'malformed_row', detail: '2 fields', raw: 'x' },
  ]);
  const { sink } = await run([], objects);
  expect(sink.files['files.jsonl']).toEqual([
    '{"key":"streams/a.csv","version":1,"state":"rejected","read":0,"accepted":0,"quarantined":{},"duplicate":0}',
    '{"key":"streams/b.csv","version":1,"state":"held","read":10,"accepted":7,"quarantined":{"unknown_user":2},' +
      '"duplicate":1}',
  ]);
  expect(sink.files['quarantine.jsonl']).toEqual([
    '{"key":"streams/b.csv","reason":"malformed_row","detail":"2 fields","raw":"x"}',
    '{"key":"streams/b.csv","reason":"unknown_user","detail":"u2","raw":"x\u2028y"}',
  ]);
});

test('a file whose rows a replay accepted is exported as if they had been accepted at once', async () => {
  const ledger = { read: 10, accepted: 9, quarantined: {}, duplicate: 1 };
  const linesOf = async (file: ReturnType<typeof aFile>) =>
    (await run([], new MemoryObjects().set(fileKey(file.file_id), file))).sink.files['files.jsonl'];
  const atOnce = await linesOf(aFile('streams/a.csv', { ledger }));
  expect(await linesOf(aFile('streams/a.csv', {}, aReplayed({ ledger })))).toEqual(atOnce);
  expect(await linesOf(aFile('streams/a.csv', { state: 'held' }, aReplayed({ ledger })))).toEqual(atOnce);
});

test('an export that fails is abandoned', async () => {
  const sink = new MemorySink();
  const objects = new MemoryObjects().set('processed/files/x.json', { not: 'a file document' });
  const deps = { objects, table: new MemoryTable([]), screen: new MemoryScreen(), begin: async () => sink };
  await expect(exportAll(deps, 'out', ALL)).rejects.toThrow();
  expect(sink.ended).toBe('abandoned');
});
