import { fileId, fileKey } from '@music-etl/contracts';
import { aFile, aReplayed } from '../testing/builders.ts';
import { MemoryObjects } from '../testing/fakes.ts';
import { listQuarantine, quarantineRows } from './list.ts';
import { parseFilter, parseLimit } from './quarantine.ts';
import { fileHeading, harmless, renderQuarantine, rowLines } from './render.ts';

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

test('lists the version that counts and a newer one that is held, by key', async () => {
  expect(await listed({})).toEqual(['streams/a.csv 1: 1', 'streams/b.csv 2: 3', 'streams/b.csv 3: 8']);
});

test('by reason, by file (its key or its name), by the day on which the file arrived', async () => {
  expect(await listed({ reason: 'unknown_user' })).toEqual(['streams/a.csv 1: 1', 'streams/b.csv 2: 2']);
  expect(await listed({ file: 'a.csv' })).toEqual(['streams/a.csv 1: 1']);
  expect(await listed({ file: 'streams/b.csv', reason: 'unknown_track' })).toEqual(['streams/b.csv 3: 8']);
  expect(await listed({ date: '2026-11-22' })).toEqual(['streams/a.csv 1: 1']);
});

test('a file that never came, a reason and a day that cannot be, are errors', async () => {
  await expect(listed({ file: 'c.csv' })).rejects.toThrow('c.csv: no such file has arrived');
  await expect(listed({ reason: 'typo' })).rejects.toThrow('typo: not a reason');
  await expect(listed({ date: 'today' })).rejects.toThrow('today: not a date');
  expect(() => parseLimit('0')).toThrow('not a number of rows');
});

test('shows rows of the reason asked for, and reads no further than the limit', async () => {
  const objects = bucket();
  const filter = parseFilter({ reason: 'unknown_user' });
  const shown = [];
  const rows = quarantineRows(objects, await listQuarantine(objects, filter), filter, 2);
  for await (const { file, row } of rows) shown.push(`${file.key} ${row.row} ${row.raw}`);
  expect(shown).toEqual(['streams/a.csv 1 raw 1', 'streams/b.csv 2 raw 2']);
});

test('counts by reason, then by file', async () => {
  const lines = renderQuarantine(await listQuarantine(bucket(), parseFilter({ reason: 'unknown_user' })));
  expect(lines[0]).toBe('3 quarantined rows in 2 files whose other rows count');
  expect(lines.at(-3)).toMatch(/^streams\/b\.csv +2 +2026-11-23 +2 +2 unknown_user$/);
  expect(renderQuarantine([])).toEqual(['no quarantined rows']);
});

test('held files stand apart, with the commands that decide on them', async () => {
  const lines = renderQuarantine(await listQuarantine(bucket(), parseFilter({ file: 'b.csv' })));
  const held = lines.slice(lines.findIndex((line) => line.startsWith('1 held file')));
  expect(held.slice(-5)).toEqual([
    '',
    '  npx music-etl quarantine show --file streams/b.csv',
    "  npx music-etl quarantine release streams/b.csv --why '…'",
    "  npx music-etl quarantine reject streams/b.csv --why '…'",
    '  or correct the file and put it again under the same name',
  ]);
  expect(lines.filter((line) => line.startsWith('streams/b.csv'))).toHaveLength(2);
});

test('rows that were reprocessed have the version of their content, and why', async () => {
  const quarantine_key = 'quarantine/r2';
  const again = aFile('streams/r.csv', {}, aReplayed({ quarantine_key }));
  const [found] = await listQuarantine(new MemoryObjects().set(fileKey(again.file_id), again), parseFilter({}));
  expect(found).toMatchObject({
    version: 1,
    validation: 2,
    reprocessed: { why: 'the users came late', cause: 'request:1' },
  });
  expect(found && fileHeading(found)).toBe(
    'streams/r.csv version 1, archived, reprocessed 2026-11-24: the users came late',
  );
});

test('raw text cannot act on the terminal', () => {
  expect(harmless('a\u001b[31m\tb\u202e')).toBe('a\\u001b[31m\\u0009b\\u202e');
  expect(harmless('x'.repeat(501))).toMatch(/x… \(of 501 characters\)$/);
  expect(rowLines({ row: 2, reason: 'malformed_row', detail: null, raw: null })).toEqual([
    '  row 2  malformed_row',
    '    (no raw text)',
  ]);
});
