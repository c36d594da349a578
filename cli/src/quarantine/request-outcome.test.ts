import type { FileVersion } from '@music-etl/contracts';
import { aFileRequest, anArchivedVersion } from '@music-etl/testing';
import type { Snapshot } from '../shared/pipeline/snapshot.ts';
import { aFile, aReplay, aReplayed, aRun, aSnapshot, aStage, RUN, withRun } from '../testing/builders.ts';
import { hasResult, type Observation, outcomesOf } from './request-outcome.ts';

const KEY = 'streams/a.csv';
const PATIENCE = { quietMs: 1000, stallMs: 5000 };
const replayed = (over: Partial<FileVersion>) => aReplayed({ replay: aReplay({ cause: 'request:0123abcd' }), ...over });
const seen = (...versions: Partial<FileVersion>[]): Snapshot => aSnapshot({ files: [aFile(KEY, ...versions)] });

const outcomes = (
  action: 'replay' | 'reject',
  snapshot: Snapshot,
  { stillForMs = 0, errors = new Map() }: Partial<Observation> = {},
) => {
  const sent = { request: aFileRequest({ action, key: KEY }), before: anArchivedVersion() };
  return outcomesOf({ snapshot, errors, stillForMs }, [sent], PATIENCE)?.map(({ outcome }) => outcome) ?? null;
};

test('a request is done when its replay is in a terminal state, and open before', () => {
  expect(outcomes('replay', seen({}, replayed({ state: 'running' })))).toBeNull();
  expect(outcomes('replay', seen({}, replayed({ state: 'validated' })))).toBeNull();
  expect(outcomes('replay', seen({}, replayed({ state: 'held' })))).toEqual([
    { kind: 'done', version: expect.objectContaining({ version: 2, state: 'held' }) },
  ]);
});

test('the replay of another request is no result', () => {
  const snapshot = seen({}, aReplayed({ replay: aReplay({ cause: 'request:ffffffff' }) }));
  const sent = { request: aFileRequest({ key: KEY }), before: anArchivedVersion() };
  expect(hasResult(snapshot, sent)).toBe(false);
  expect(hasResult(seen({}, replayed({ state: 'running' })), sent)).toBe(true);
});

test('a rejection is done when the requested version is rejected', () => {
  expect(outcomes('reject', seen({ state: 'held' }))).toBeNull();
  expect(outcomes('reject', seen({ state: 'rejected' }))).toEqual([
    { kind: 'done', version: expect.objectContaining({ version: 1 }) },
  ]);
});

test('the request of a run that is dead is dead, with the stage that failed', () => {
  const files = [aFile(KEY, {}, replayed({ state: 'running', run_id: RUN }))];
  expect(outcomes('replay', withRun(aRun(aStage('kpi', { state: 'dead' })), { files }))).toEqual([
    { kind: 'dead', stage: expect.objectContaining({ stage: 'kpi' }) },
  ]);
});

test('a request with an error, or without a result in a quiet pipeline, has no effect', () => {
  const errors = new Map([['0123abcd', 'it is superseded']]);
  expect(outcomes('replay', seen({}), { errors })).toEqual([{ kind: 'no_effect', why: 'it is superseded' }]);
  expect(outcomes('replay', seen({}), { stillForMs: 1000 })).toEqual([{ kind: 'no_effect', why: null }]);
  expect(outcomes('replay', aSnapshot({ pending: 1 }), { stillForMs: 1000 })).toBeNull();
});

test('when nothing moves any more, the outcomes are given although some are open', () => {
  const snapshot = aSnapshot({ files: [aFile(KEY, {}, replayed({ state: 'running' }))], pending: 1 });
  expect(outcomes('replay', snapshot, { stillForMs: 5000 })).toEqual([{ kind: 'open' }]);
});
