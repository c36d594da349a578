import { latestUsableVersion } from '../src/index.ts';
import { fileOf, VERSION_CASES } from './support/version-cases.ts';

/** Shared case → the version that a request is about. */
const USABLE: Readonly<Record<string, number>> = {
  'a file that has arrived': 1,
  'an archived file': 1,
  'a correction counts once it is validated': 2,
  'a version that its correction superseded': 2,
  'a correction in progress': 2,
  'a correction on hold': 2,
  'a rejected correction': 1,
  'a correction that a person rejected': 1,
  'a rejected correction of a file on hold': 1,
  'nothing but rejected content': 2,
  'a replay in progress': 2,
  'a replay that is validated': 2,
  'a released file': 2,
  'a rejected replay changes nothing': 1,
  'a rejected replay of a file on hold changes nothing': 1,
  'a replay on hold changes nothing while its content counts': 1,
  'nor does a replay on hold of such a replay': 1,
  'a replay that is put on hold again': 2,
  "a person's rejection of a file that was on hold twice": 2,
  'an erasure below a correction on hold': 2,
  'an erasure below a rejected correction': 3,
  'a correction that is released after an erasure': 4,
  'a further correction after an erasure': 4,
  'newer content counts although older content was reprocessed later': 2,
};

test('every shared case has a usable version', () => {
  expect(Object.keys(USABLE)).toEqual(VERSION_CASES.map(({ name }) => name));
});

test.each(VERSION_CASES.map((each) => [each.name, each] as const))('%s: the usable version', (name, each) => {
  expect(latestUsableVersion(fileOf(each))?.version).toBe(USABLE[name]);
});
