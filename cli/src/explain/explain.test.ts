import { changesKey, dateKey, fileKey, runKey } from '@music-etl/contracts';
import type { Attribute, Item } from '../shared/aws/item.ts';
import { aFile, aReplayed, aRun, aRunFile, RUN } from '../testing/builders.ts';
import { MemoryObjects, MemoryScreen, MemoryTable } from '../testing/fakes.ts';
import { aDate, SNAPSHOT } from '../testing/operations.ts';
import { explain } from './explain.ts';
import { parseKpi } from './parse-kpi.ts';
import { explanationLines } from './render.ts';
import { explanationJson } from './render-json.ts';

const BACKFILL = '20261124T080000000-00000001';
const DAY = '2018-11-15';

const anItem = (metricKey: string, period: string, fields: Record<string, Attribute>): Item => ({
  metric_key: { S: metricKey },
  period: { S: period },
  period_key: { S: `${DAY}#${metricKey.split('#')[0]}` },
  generation: { N: '4' },
  run_id: { S: BACKFILL },
  reference_version: { S: SNAPSHOT },
  computed_at: { S: '2026-11-24T08:00:03.000Z' },
  ...fields,
});

const aHeader = (date: string, over: Record<string, Attribute> = {}): Item => ({
  metric_key: { S: 'header' },
  period: { S: date },
  generation: { N: '4' },
  loading_generation: { N: '4' },
  complete: { BOOL: true },
  ...over,
});

const SONG = {
  rank: { N: '1' },
  track_id: { S: 't1' },
  track_name: { S: 'Song' },
  artists: { S: 'A;B' },
  listen_count: { N: '3' },
};
const ROCK = anItem('genre_daily#rock', DAY, {
  genre: { S: 'rock' },
  listen_count: { N: '1234' },
  avg_listening_ms_per_listener: { NULL: true },
  top_songs: { L: [{ M: SONG }] },
});
const TRENDING = anItem('trending_24h', `${DAY}T18:00:00Z`, { tracks: { L: [] } });

const aHead = (generation: number, previous: number, run_id = BACKFILL) => ({
  kind: 'head',
  schema_version: 1,
  date: DAY,
  run_id,
  generation,
  previous_generation: previous,
  reference_version: SNAPSHOT,
  previous_reference_version: '20261120T100000000-0a0b0c0d',
  recorded_at: '2026-11-24T08:00:05.000Z',
  files: generation === 3 ? [{ file_id: 'f'.repeat(32), key: 'streams/late.csv', version: 2, why: null }] : [],
  changes: 1,
});
const aChange = (over: object = {}) => ({
  kind: 'change',
  metric: 'genre_daily',
  date: DAY,
  dimension: 'rock',
  period: DAY,
  old: { listen_count: 1230 },
  new: { listen_count: 1234 },
  ...over,
});

const bucket = (): MemoryObjects => {
  const files = [
    aFile('streams/b.csv', { dates: { [DAY]: 3 }, archived_to: 'archived/2026/11/23/r/raw/b.csv', version_id: 'vb' }),
    aFile('streams/a.csv', { dates: { '2018-11-13': 2 } }, aReplayed({ dates: { '2018-11-13': 5 } })),
    aFile('streams/other.csv', { dates: { '2018-12-24': 1 } }),
  ];
  const objects = new MemoryObjects()
    .set(dateKey(DAY), aDate(DAY))
    .set(dateKey('2018-11-18'), aDate('2018-11-18'))
    .set(runKey(BACKFILL), {
      ...aRun().document,
      run_id: BACKFILL,
      dates: [DAY],
      why: 'new songs',
      reference_changed: false,
    })
    .set(runKey(RUN), { ...aRun().document, files: [aRunFile('streams/late.csv')], reference_changed: false })
    .setLines(changesKey(DAY, 4), [aHead(4, 3), aChange({ dimension: 'pop' }), aChange()])
    .setLines(changesKey(DAY, 3), [aHead(3, 1, RUN), aChange({ old: null, new: { listen_count: 1230 } })])
    .setLines(changesKey(DAY, 2), [aHead(2, 1, RUN), aChange({ new: { listen_count: 999 } })]);
  for (const file of files) objects.set(fileKey(file.file_id), file);
  return objects;
};

const explained = (metric: string, rest: string[], items: Item[] = [aHeader(DAY), ROCK, TRENDING]) =>
  explain({ objects: bucket(), table: new MemoryTable(items), screen: new MemoryScreen() }, parseKpi(metric, rest));

test('an item is explained by its run, the cause of the run, its files and its earlier values', async () => {
  expect(explanationLines(await explained('genre_daily', ['rock', DAY])).join('\n')).toMatchInlineSnapshot(`
"genre_daily rock 2018-11-15

  listen_count                   1,234
  skip_count                     none
  unique_listeners               none
  total_listening_ms             none
  avg_listening_ms_per_listener  none
  top_songs
    rank  track_id  track_name  artists  listen_count
    ────  ────────  ──────────  ───────  ────────────
       1  t1        Song        A;B                 3

Computed
  2026-11-24 08:00:03 UTC, generation 4, by run 20261124T080000000-00000001
  with reference data 20261123T100000000-0a0b0c0d
  cause: backfill: new songs

Computed from 1 file
  file           version  S3 version  rows  raw file
  ─────────────  ───────  ──────────  ────  ───────────────────────────────
  streams/b.csv        1  vb             3  archived/2026/11/23/r/raw/b.csv

Changes, newest first
  2026-11-24 08:00:05 UTC, generation 3 → 4
    listen_count 1,230 → 1,234
    cause: backfill: new songs (run 20261124T080000000-00000001)
    reference data 20261120T100000000-0a0b0c0d → 20261123T100000000-0a0b0c0d
  2026-11-24 08:00:05 UTC, generation 1 → 3
    the item is new
    listen_count 1,230
    cause: arrival of streams/late.csv (run 20261123T100502123-9f86d081)
    files of the run in reach: streams/late.csv version 2
    reference data 20261120T100000000-0a0b0c0d → 20261123T100000000-0a0b0c0d"
`);
});

test('the log of a generation that was overtaken before it was complete does not count', async () => {
  const { changes } = await explained('genre_daily', ['rock', DAY]);
  expect(changes.map(({ head }) => head.generation)).toEqual([4, 3]);
});

test('trending_24h is computed from its date and the two dates before', async () => {
  const explanation = await explained('trending_24h', [`${DAY}T18:00:00Z`]);
  expect(explanation.sources.map(({ key, version, replay, rows }) => [key, version, replay?.version, rows])).toEqual([
    ['streams/a.csv', 1, 2, { [DAY]: 0, '2018-11-14': 0, '2018-11-13': 5 }],
    ['streams/b.csv', 1, undefined, { [DAY]: 3, '2018-11-14': 0, '2018-11-13': 0 }],
  ]);
  expect(explanationLines(explanation).join('\n')).toContain('No change is recorded');
});

test('an item that has vanished is explained by the change log alone', async () => {
  const explanation = await explained('genre_daily', ['pop', DAY]);
  expect(explanation.item).toBeNull();
  expect(explanationLines(explanation).join('\n')).toContain('the item has vanished');
  expect(explanationJson(explanation)).toMatchObject({ item: null, run_id: null, changes: [{ generation: 4 }] });
});

test('a date without data, or one that is being loaded, is an error that says what there is', async () => {
  await expect(explained('top_genres', ['2018-11-16'])).rejects.toMatchObject({
    message: 'there is no data for 2018-11-16',
    todo: 'the nearest dates with data: 2018-11-15, 2018-11-18',
  });
  await expect(explained('top_genres', ['2018-11-18'])).rejects.toThrow('2018-11-18 is computed, but not loaded yet');
  const loading = aHeader(DAY, { loading_generation: { N: '5' }, complete: { BOOL: false } });
  await expect(explained('top_genres', [DAY], [loading])).rejects.toThrow('2018-11-15 is being loaded');
  const firstLoad = aHeader(DAY, { complete: { BOOL: false } });
  await expect(explained('top_genres', [DAY], [firstLoad])).rejects.toThrow('2018-11-15 is being loaded');
});

test('an unknown dimension or hour is an error that names known ones', async () => {
  await expect(explained('genre_daily', ['polka', DAY])).rejects.toMatchObject({
    message: expect.stringContaining('the table has no genre_daily polka 2018-11-15'),
    todo: 'there is rock',
  });
  await expect(explained('trending_24h', [`${DAY}T03:00:00Z`])).rejects.toMatchObject({
    todo: 'there is 2018-11-15T18:00:00Z',
  });
});
