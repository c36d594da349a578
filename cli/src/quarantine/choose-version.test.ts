import type { FileVersion } from '@music-etl/contracts';
import { aFile, aReplayed } from '../testing/builders.ts';
import { chooseHeld, chooseReplay } from './choose-version.ts';
import { parseFilter } from './filter.ts';
import { quarantinedVersions } from './quarantined-version.ts';

const Q = { quarantine_key: 'q' };
const REJECTED_MANUALLY = { state: 'rejected', reason: { code: 'rejected_manually', detail: 'no (ada)' } } as const;

const chosen = (...versions: Partial<FileVersion>[]): string => {
  const file = aFile('streams/a.csv', ...versions);
  const choice = chooseReplay(file, quarantinedVersions(file, parseFilter({})));
  return choice.kind === 'chosen' ? `version ${choice.version.version}` : choice.why;
};

const held = (...versions: Partial<FileVersion>[]): number => chooseHeld(aFile('streams/a.csv', ...versions)).version;

test('the latest usable version is reprocessed, if it has quarantined rows', () => {
  expect(chosen(Q)).toBe('version 1');
  expect(chosen(Q, aReplayed(Q))).toBe('version 2');
  expect(chosen({ ...Q, state: 'held' })).toBe('version 1');
  expect(chosen(Q, { ...Q, version: 2, state: 'held' })).toBe('version 2');
  expect(chosen(Q, aReplayed({ state: 'rejected' }))).toBe('version 1');
});

test('after a rejected correction, its predecessor is the one to reprocess or release', () => {
  expect(chosen(Q, { version: 2, state: 'rejected' })).toBe('version 1');
  expect(chosen(Q, { ...Q, ...REJECTED_MANUALLY, version: 2 })).toBe('version 1');
  expect(held({ state: 'held' }, { ...REJECTED_MANUALLY, version: 2 })).toBe(1);
});

test('an unfinished file, and a file of which all is rejected, is not reprocessed, with the reason', () => {
  expect(chosen(Q, { version: 2, state: 'running' })).toContain('streams/a.csv version 2 is being processed');
  expect(chosen(Q, aReplayed({ state: 'running' }))).toContain('streams/a.csv version 1 is being reprocessed');
  expect(chosen(Q, { version: 2, state: 'waiting' })).toContain('waits for reference data');
  expect(chosen({ state: 'rejected' }, { version: 2, state: 'rejected' })).toContain(
    'version 2 was rejected: correct the',
  );
});

test('a version on hold has to be decided about before the current version is reprocessed', () => {
  expect(chosen(Q, { version: 2, state: 'held' })).toContain(
    'version 2 is on hold: release, reject or correct it first',
  );
});

test('only a version on hold can be released or rejected', () => {
  expect(held({}, { version: 2, state: 'held' })).toBe(2);
  expect(held({ state: 'held' }, aReplayed({ state: 'held' }))).toBe(2);
  expect(() => held({})).toThrow('streams/a.csv is not on hold: streams/a.csv version 1 is archived');
  expect(() => held({ state: 'held' }, aReplayed())).toThrow('version 1 is archived, its rows count');
  expect(() => held({ state: 'held' }, aReplayed({ state: 'running' }))).toThrow('version 1 is being reprocessed');
});
