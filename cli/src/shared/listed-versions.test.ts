import type { FileState, FileVersion } from '@music-etl/contracts';
import { aFile, aReplay, aReplayed } from '../testing/builders.ts';
import { currentValidation, listedVersions } from './listed-versions.ts';

const NOT_VALIDATED = { ledger: null };
const listed = (...versions: Partial<FileVersion>[]): number[] =>
  listedVersions(aFile('streams/a.csv', ...versions)).map(({ version }) => version);
const ofStates = (...states: FileState[]): number[] => listed(...states.map((state, i) => ({ version: i + 1, state })));
const replayed = (state: FileState, over: Partial<FileVersion> = {}) => aReplayed({ state, ...over });

test('a file is listed by its current version and the newest newer one that is on hold or rejected', () => {
  expect(ofStates('archived')).toEqual([1]);
  expect(ofStates('archived', 'archived')).toEqual([2]);
  expect(ofStates('held', 'archived')).toEqual([2]);
  expect(ofStates('archived', 'held', 'rejected')).toEqual([1, 3]);
  expect(ofStates('rejected')).toEqual([1]);
  expect(ofStates('archived', 'running')).toEqual([1]);
  expect(ofStates('running')).toEqual([]);
});

test('a validated replay is listed in place of the version that it reprocessed', () => {
  expect(listed({}, replayed('validated'))).toEqual([2]);
  expect(listed({ state: 'held' }, replayed('archived'))).toEqual([2]);
  expect(listed({}, replayed('running', NOT_VALIDATED))).toEqual([1]);
});

test('a version on hold that is on hold again is listed by its replay', () => {
  const again = replayed('held', { version: 3, replay: aReplay({ of: 2 }) });
  expect(listed({ state: 'held' }, replayed('held'), again)).toEqual([3]);
});

test('a void replay is not listed', () => {
  expect(listed({}, replayed('rejected', NOT_VALIDATED))).toEqual([1]);
  expect(listed({}, replayed('held'))).toEqual([1]);
  expect(listed({ state: 'held' }, replayed('rejected', NOT_VALIDATED))).toEqual([1]);
});

test('a version that a person rejected is listed, by its replay if it has one', () => {
  const byHand = { state: 'rejected', reason: { code: 'rejected_manually', detail: 'no (ada)' } } as const;
  expect(listed(byHand, aReplayed(byHand))).toEqual([2]);
});

test('a replay of the current version under newer content on hold leaves both listed', () => {
  const erased = aReplayed({ version: 3, replay: aReplay({ cause: 'erasure:1' }) });
  expect(listed({}, { version: 2, state: 'held' }, erased)).toEqual([3, 2]);
});

test('the current validation of a content is its newest replay that is not void', () => {
  const current = (...versions: Partial<FileVersion>[]): number => {
    const file = aFile('streams/a.csv', ...versions);
    const [first] = file.versions;
    return first ? currentValidation(file, first).version : 0;
  };
  expect(current({}, replayed('archived'))).toBe(2);
  expect(current({}, replayed('rejected', NOT_VALIDATED))).toBe(1);
});
