import type { FileState, FileVersion } from '@music-etl/contracts';
import { aFile, aReplay, aReplayed } from '../testing/builders.ts';
import { currentVersion, listedVersions, newestVersion } from './versions.ts';

const NOT_VALIDATED = { ledger: null };
const listed = (...versions: Partial<FileVersion>[]) => {
  const file = aFile('streams/a.csv', ...versions);
  return {
    listed: listedVersions(file).map(({ version }) => version),
    newest: newestVersion(file)?.version,
    standing: currentVersion(file)?.version,
  };
};
const replayed = (state: FileState, over: Partial<FileVersion> = {}) => aReplayed({ state, ...over });

test('a replay that is validated takes the place of what it reprocessed', () => {
  expect(listed({}, replayed('validated'))).toEqual({ listed: [2], newest: 2, standing: 2 });
  expect(listed({ state: 'held' }, replayed('archived'))).toEqual({ listed: [2], newest: 2, standing: 2 });
});

test('a replay under way leaves what stands', () => {
  expect(listed({}, replayed('running', NOT_VALIDATED))).toEqual({ listed: [1], newest: 2, standing: 1 });
});

test('a held version that is held again is listed by its replay', () => {
  const again = replayed('held', { version: 3, replay: aReplay({ of: 2 }) });
  expect(listed({ state: 'held' }, replayed('held'), again)).toEqual({ listed: [3], newest: 3, standing: undefined });
});

test('a replay that could not be read changes nothing, nor one that would be held where rows stand', () => {
  expect(listed({}, replayed('rejected', NOT_VALIDATED))).toEqual({ listed: [1], newest: 1, standing: 1 });
  expect(listed({}, replayed('held'))).toEqual({ listed: [1], newest: 1, standing: 1 });
  expect(listed({ state: 'held' }, replayed('rejected', NOT_VALIDATED))).toMatchObject({ listed: [1], newest: 1 });
});

test('what was held and what a person rejected is the last word on the file', () => {
  const byHand = { state: 'rejected', reason: { code: 'rejected_manually', detail: 'no (ada)' } } as const;
  expect(listed(byHand, aReplayed(byHand))).toMatchObject({ listed: [2], newest: 2 });
});

test('a replay of what stands under newer held content leaves both listed, and the held one the newest word', () => {
  const erased = aReplayed({ version: 3, replay: aReplay({ cause: 'erasure:1' }) });
  expect(listed({}, { version: 2, state: 'held' }, erased)).toEqual({ listed: [3, 2], newest: 2, standing: 3 });
});
