import type { FileVersion } from '@music-etl/contracts';
import { aFile, aReplayed } from '../testing/builders.ts';
import { parseFilter, quarantinedVersions } from './quarantine.ts';
import { heldTarget, parseWhy, toReprocess } from './requests.ts';

const Q = { quarantine_key: 'q' };
const choose = (...versions: Partial<FileVersion>[]): string => {
  const file = aFile('streams/a.csv', ...versions);
  const choice = toReprocess(file, quarantinedVersions(file, parseFilter({})));
  return choice.kind === 'target' ? `version ${choice.target.version.version}` : choice.why;
};

test('reprocessed is the newest word on a file, if it has quarantined rows', () => {
  expect(choose(Q)).toBe('version 1');
  expect(choose(Q, aReplayed(Q))).toBe('version 2');
  expect(choose({ ...Q, state: 'held' })).toBe('version 1');
  expect(choose(Q, { ...Q, version: 2, state: 'held' })).toBe('version 2');
  expect(choose(Q, aReplayed({ state: 'rejected' }))).toBe('version 1');
});

test('a correction that was rejected leaves what it was to replace in force', () => {
  expect(choose(Q, { version: 2, state: 'rejected' })).toBe('version 1');
  const byHand = { state: 'rejected', reason: { code: 'rejected_manually', detail: 'no (ada)' } } as const;
  expect(choose(Q, { ...Q, ...byHand, version: 2 })).toBe('version 1');
  expect(heldTarget(aFile('streams/a.csv', { state: 'held' }, { ...byHand, version: 2 })).version.version).toBe(1);
});

test('a file that is not at rest, or of which all was rejected, is not reprocessed, and it is said why', () => {
  expect(choose(Q, { version: 2, state: 'running' })).toContain('streams/a.csv version 2 is on its way');
  expect(choose(Q, aReplayed({ state: 'running' }))).toContain('streams/a.csv version 1 is being reprocessed');
  expect(choose(Q, { version: 2, state: 'waiting' })).toContain('waits for reference data');
  expect(choose({ state: 'rejected' }, { version: 2, state: 'rejected' })).toContain(
    'version 2 was rejected: correct the',
  );
});

test('a held version comes before the rows of the one that counts', () => {
  const file = aFile('streams/a.csv', Q, { version: 2, state: 'held' });
  const choice = toReprocess(file, quarantinedVersions(file, parseFilter({})));
  expect(choice).toMatchObject({ kind: 'not', why: expect.stringContaining('version 2 is held and comes first') });
});

test('only what is held can be released or rejected', () => {
  const held = (...versions: Partial<FileVersion>[]) => heldTarget(aFile('streams/a.csv', ...versions)).version.version;
  expect(held({}, { version: 2, state: 'held' })).toBe(2);
  expect(held({ state: 'held' }, aReplayed({ state: 'held' }))).toBe(2);
  expect(() => held({})).toThrow('nothing of streams/a.csv is held: streams/a.csv version 1 is archived');
  expect(() => held({ state: 'held' }, aReplayed())).toThrow('version 1 is archived, its rows count');
  expect(() => held({ state: 'held' }, aReplayed({ state: 'running' }))).toThrow('version 1 is being reprocessed');
});

test('a word why has to be one', () => {
  expect(parseWhy('  checked with the label ')).toBe('checked with the label');
  expect(() => parseWhy(' ')).toThrow('--why is empty');
  expect(() => parseWhy('x'.repeat(1001))).toThrow('--why has 1001 characters');
});
