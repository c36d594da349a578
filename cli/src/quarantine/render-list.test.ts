import type { QuarantinedVersion } from './quarantined-version.ts';
import { listLines, totalRows, totalsByReason } from './render-list.ts';

const version = (key: string, by_reason: Record<string, number>, held = false): QuarantinedVersion => ({
  key,
  version: 1,
  replay: null,
  state: held ? 'held' : 'archived',
  arrived_at: '2026-11-23T10:00:00.000Z',
  rows: Object.values(by_reason).reduce((sum, rows) => sum + rows, 0),
  by_reason,
  quarantine_key: `quarantine/${key}`,
});

test('rows are added up over all versions, in total and by reason', () => {
  const versions = [version('a', { bad_number: 2, unknown_user: 1 }), version('b', { bad_number: 3 })];
  expect(totalRows(versions)).toBe(6);
  expect(totalsByReason(versions)).toEqual({ bad_number: 5, unknown_user: 1 });
});

test('reasons are listed by their rows, and reasons with as many rows by name', () => {
  const lines = listLines([version('a', { unknown_user: 2, bad_number: 2, too_long: 3 })]);
  const reasons = lines.slice(4, 7).map((line) => line.split(/ +/)[0]);
  expect(reasons).toEqual(['too_long', 'bad_number', 'unknown_user']);
});

test('for more than three files on hold the commands are listed once', () => {
  const held = ['a', 'b', 'c', 'd'].map((key) => version(key, { bad_number: 9 }, true));
  const commands = (lines: string[]) => lines.filter((line) => line.includes('quarantine release'));
  expect(commands(listLines(held.slice(1)))).toHaveLength(3);
  expect(commands(listLines(held))).toEqual(["  npx music-etl quarantine release KEY --why '…'"]);
});

test('files on hold follow the others after an empty line', () => {
  const lines = listLines([version('held', { bad_number: 9 }, true), version('a', { bad_number: 1 })]);
  const at = lines.findIndex((line) => line.startsWith('1 file on hold'));
  expect(lines[0]).toBe('1 quarantined row in 1 file whose other rows count');
  expect(lines[at - 1]).toBe('');
});
