import { fileKey } from '@music-etl/contracts';
import { aFile } from '../testing/builders.ts';
import { MemoryObjects } from '../testing/fakes.ts';
import { checkPatches } from './check-patches.ts';
import { readPatches } from './read-patches.ts';
import { patchLines } from './request.ts';

const FILE = aFile('streams/a.csv', { quarantine_key: 'quarantine/a' });

const bucket = (file = FILE): MemoryObjects =>
  new MemoryObjects().set(fileKey(file.file_id), file).setLines('quarantine/a', [
    { row: 3, reason: 'unknown_user', detail: 'u9', raw: 'u9,t1,2018-11-15 00:00:00' },
    { row: 8, reason: 'unknown_user', detail: 'u8', raw: 'u8,t1,2018-11-15 00:00:00' },
  ]);

async function* lines(...values: (string | Record<string, unknown>)[]): AsyncGenerator<string> {
  for (const value of values) yield typeof value === 'string' ? value : JSON.stringify(value);
}

const shown = (row: number, fixed?: unknown, over: Record<string, unknown> = {}) => ({
  key: 'streams/a.csv',
  version: 1,
  row,
  reason: 'unknown_user',
  detail: 'u9',
  ...(fixed === undefined ? {} : { fixed }),
  ...over,
});

const problems = async (...values: Parameters<typeof lines>): Promise<string> => {
  try {
    await checkPatches(bucket(), await readPatches(lines(...values)));
    return 'none';
  } catch (error) {
    return String(error);
  }
};

test('row patches are grouped by file, with values as text; a line without a patch changes nothing', async () => {
  const patches = await readPatches(
    lines(
      shown(8, { ms_played: 30000, completed: true }),
      shown(3, { user_id: '26', device_type: null }),
      '',
      shown(4),
    ),
  );
  const [planned, ...others] = await checkPatches(bucket(), patches);
  expect(others).toEqual([]);
  expect(planned?.version.version).toBe(1);
  expect(patchLines(planned?.patches ?? [])).toBe(
    '{"row":3,"set":{"user_id":"26","device_type":""}}\n{"row":8,"set":{"ms_played":"30000","completed":"true"}}\n',
  );
});

test('every problem is reported with its line, file, row and column, and no patch is used', async () => {
  const said = await problems(
    'no json',
    shown(3, { song_id: 'x', colour: 'y', user_id: ['z'] }),
    shown(8, { user_id: '1' }),
    shown(8, { user_id: '2' }),
    shown(8, {}),
    shown(8, { user_id: 12345678901234567890n.toString(), ms_played: 1e300 }),
    { row: 1, fixed: {} },
  );
  expect(said.split('\n').map((line) => line.trim())).toEqual([
    'UserError: 8 problems with the row patches; nothing was sent',
    'line 1: not JSON',
    'line 2, streams/a.csv row 3: song_id: not a column; write track_id',
    expect.stringMatching(/^line 2, streams\/a\.csv row 3: colour: not a column; the columns are user_id, /),
    'line 2, streams/a.csv row 3: user_id: not a plain value: ["z"]',
    'line 5, streams/a.csv row 8: fixed names no column',
    'line 6, streams/a.csv row 8: ms_played: write 1e+300 as text, in quotes',
    expect.stringMatching(/^line 7: key: /),
    'line 4, streams/a.csv row 8: line 3 patches this row already',
  ]);
});

test('only rows that are in quarantine, with the text that the person saw, can be patched', async () => {
  const patch = { user_id: '26' };
  expect(await problems(shown(3, patch, { raw: 'u9,t1,2018-11-15 00:00:00' }))).toBe('none');
  expect(await problems(shown(3, patch, { raw: 'another' }))).toContain(
    'line 1, streams/a.csv row 3: the text of the row has changed',
  );
  expect(await problems(shown(5, patch))).toContain('line 1, streams/a.csv row 5: not in quarantine');
  expect(await problems(shown(5, patch, { key: 'streams/b.csv' }))).toContain('line 1, streams/b.csv: no such file');
  expect(await problems(shown(3))).toContain('no line has a member "fixed"');
});
