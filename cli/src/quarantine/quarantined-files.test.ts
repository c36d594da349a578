import { fileId, fileKey } from '@music-etl/contracts';
import { aFile, aReplayed } from '../testing/builders.ts';
import { MemoryObjects } from '../testing/fakes.ts';
import { parseFilter } from './filter.ts';
import { listQuarantine } from './quarantined-files.ts';
import { readMatchingRows } from './read-matching-rows.ts';
import { listLines } from './render-list.ts';

const ledger = (quarantined: Record<string, number>) => ({ read: 10, accepted: 10, quarantined, duplicate: 0 });
const row = (n: number, reason: string) => ({ key: 'k', version: 1, row: n, reason, detail: 'd', raw: `raw ${n}` });

const FILES = [
  aFile(
    'streams/b.csv',
    { version: 1, quarantine_key: 'quarantine/b1', ledger: ledger({ bad_number: 9 }) },
    { version: 2, quarantine_key: 'quarantine/b2', ledger: ledger({ unknown_user: 2, bad_number: 1 }) },
    { version: 3, quarantine_key: 'quarantine/b3', ledger: ledger({ unknown_track: 8 }), state: 'held' },
  ),
  aFile('streams/a.csv', {
    quarantine_key: 'quarantine/a1',
    ledger: ledger({ unknown_user: 1 }),
    arrived_at: '2026-11-22T23:59:59.000Z',
  }),
  aFile('streams/clean.csv', { ledger: ledger({}) }),
];

const bucket = (): MemoryObjects => {
  const objects = new MemoryObjects()
    .setLines('quarantine/a1', [row(1, 'unknown_user')])
    .setLines('quarantine/b2', [row(1, 'bad_number'), row(2, 'unknown_user'), row(3, 'unknown_user')]);
  for (const file of FILES) objects.set(fileKey(fileId(file.key)), file);
  return objects;
};

const listed = async (options: Parameters<typeof parseFilter>[0]) =>
  (await listQuarantine(bucket(), parseFilter(options))).map(({ key, version, rows }) => `${key} ${version}: ${rows}`);

test('lists current versions, and newer ones on hold, by key', async () => {
  expect(await listed({})).toEqual(['streams/a.csv 1: 1', 'streams/b.csv 2: 3', 'streams/b.csv 3: 8']);
});

test('filters by reason, by file (key or name), and by the day of arrival', async () => {
  expect(await listed({ reason: 'unknown_user' })).toEqual(['streams/a.csv 1: 1', 'streams/b.csv 2: 2']);
  expect(await listed({ file: 'a.csv' })).toEqual(['streams/a.csv 1: 1']);
  expect(await listed({ file: 'streams/b.csv', reason: 'unknown_track' })).toEqual(['streams/b.csv 3: 8']);
  expect(await listed({ date: '2026-11-22' })).toEqual(['streams/a.csv 1: 1']);
});

test('a file that has never arrived is an error', async () => {
  await expect(listed({ file: 'c.csv' })).rejects.toThrow('--file c.csv: no such file has arrived');
});

test('rows of the wanted reason are shown, and no object is read beyond the limit', async () => {
  const objects = bucket();
  const filter = parseFilter({ reason: 'unknown_user' });
  const shown = [];
  const rows = readMatchingRows(objects, await listQuarantine(objects, filter), filter, 2);
  for await (const { version, row } of rows) shown.push(`${version.key} ${row.row} ${row.raw}`);
  expect(shown).toEqual(['streams/a.csv 1 raw 1', 'streams/b.csv 2 raw 2']);
});

test('the list counts by reason, then by file', async () => {
  const lines = listLines(await listQuarantine(bucket(), parseFilter({ reason: 'unknown_user' })));
  expect(lines[0]).toBe('3 quarantined rows in 2 files whose other rows count');
  expect(lines.at(-3)).toMatch(/^streams\/b\.csv +2 +2026-11-23 +2 +2 unknown_user$/);
  expect(listLines([])).toEqual(['no quarantined rows']);
});

test('files on hold are listed apart, with the commands that decide about them', async () => {
  const lines = listLines(await listQuarantine(bucket(), parseFilter({ file: 'b.csv' })));
  const held = lines.slice(lines.findIndex((line) => line.startsWith('1 file on hold')));
  expect(held.slice(-5)).toEqual([
    '',
    '  npx music-etl quarantine show --file streams/b.csv',
    "  npx music-etl quarantine release streams/b.csv --why '…'",
    "  npx music-etl quarantine reject streams/b.csv --why '…'",
    '  or correct the file and put it again under the same name',
  ]);
  expect(lines.filter((line) => line.startsWith('streams/b.csv'))).toHaveLength(2);
});

test("reprocessed rows are listed under their content's version, with the replay", async () => {
  const file = aFile('streams/r.csv', {}, aReplayed({ quarantine_key: 'quarantine/r2' }));
  const versions = await listQuarantine(new MemoryObjects().set(fileKey(file.file_id), file), parseFilter({}));
  expect(versions).toEqual([
    expect.objectContaining({
      version: 1,
      replay: expect.objectContaining({ version: 2, why: 'the users came late', cause: 'request:1' }),
    }),
  ]);
  expect(listLines(versions).join('\n')).toContain('2026-11-24: the users came late');
});
