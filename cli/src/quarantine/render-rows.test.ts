import { aFile, aReplayed } from '../testing/builders.ts';
import { parseFilter } from './filter.ts';
import { quarantinedVersions } from './quarantined-version.ts';
import { rowLines, versionHeading } from './render-rows.ts';

const heading = (...versions: Parameters<typeof aReplayed>[0][]): string[] =>
  quarantinedVersions(
    aFile('streams/r.csv', ...versions.map((version) => ({ quarantine_key: 'q', ...version }))),
    parseFilter({}),
  ).map(versionHeading);

test('a heading names the version, its state, and why it was reprocessed', () => {
  expect(heading({})).toEqual(['streams/r.csv version 1, archived']);
  expect(heading({ state: 'held' })).toEqual(['streams/r.csv version 1, on hold']);
  expect(heading({}, aReplayed())).toEqual([
    'streams/r.csv version 1, archived, reprocessed 2026-11-24: the users came late',
  ]);
});

test('a row has its position and reason, and below them its text with control characters spelled out', () => {
  expect(rowLines({ row: 2, reason: 'malformed_row', detail: null, raw: null })).toEqual([
    '  row 2  malformed_row',
    '    (no raw text)',
  ]);
  expect(rowLines({ row: null, reason: 'bad_number', detail: 'ms_played: \u001b', raw: 'u1\tt1' })).toEqual([
    '  row ?  bad_number  ms_played: \\u001b',
    '    u1\\u0009t1',
  ]);
});
