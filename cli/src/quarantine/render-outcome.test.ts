import type { FileRequested, FileVersion } from '@music-etl/contracts';
import { aFileRequest, anArchivedVersion } from '@music-etl/testing';
import { aStage } from '../testing/builders.ts';
import { outcomeLine, succeeded, totalLine } from './render-outcome.ts';
import type { RequestOutcome, RequestResult } from './request-outcome.ts';

const ledger = (accepted: number, quarantined: number, duplicate = 0) => ({
  read: 10,
  accepted,
  quarantined: { unknown_user: quarantined },
  duplicate,
});
const BEFORE = anArchivedVersion({ ledger: ledger(7, 3) });

const result = (outcome: RequestOutcome, action: FileRequested['action'] = 'replay'): RequestResult => ({
  request: aFileRequest({ action, key: 'streams/a.csv' }),
  before: BEFORE,
  outcome,
});
const done = (changes: Partial<FileVersion>, action: FileRequested['action'] = 'replay'): RequestResult =>
  result({ kind: 'done', version: anArchivedVersion({ version: 2, ...changes }) }, action);
const words = (each: RequestResult): string => outcomeLine(each).replace('streams/a.csv version 1: ', '');

test('a replay with fewer rows, or with more duplicates, is compared with the version before', () => {
  expect(words(done({ ledger: ledger(6, 4) }))).toBe(
    '1 fewer row counts (7 → 6), 4 still quarantined (4 unknown_user)',
  );
  expect(words(done({ ledger: ledger(7, 1, 2) }))).toBe(
    'no more rows count (7 → 7), 2 rows are duplicates, 1 still quarantined (1 unknown_user)',
  );
});

test('a version that came first is named, and a request without success says why', () => {
  expect(words(done({ state: 'superseded' }))).toBe('superseded: a newer version came first');
  expect(words(done({ state: 'rejected', reason: null }))).toBe(
    'not reprocessed, nothing has changed: no reason was recorded',
  );
  expect(words(result({ kind: 'dead', stage: aStage('kpi') }))).toMatch(/^its run failed at kpi;/);
  expect(words(result({ kind: 'no_effect', why: 'it is superseded' }))).toBe('nothing has changed: it is superseded');
  expect(words(result({ kind: 'open' }))).toMatch(/^not finished;/);
});

test.each([
  ['replay', 'archived', true],
  ['replay', 'held', true],
  ['replay', 'superseded', true],
  ['replay', 'rejected', false],
  ['release', 'archived', true],
  ['release', 'held', false],
  ['reject', 'rejected', true],
  ['reject', 'archived', false],
] as const)('a request to %s that ends as %s has succeeded: %s', (action, state, expected) => {
  expect(succeeded(done({ state }, action))).toBe(expected);
});

test('the total counts only the rows of archived versions', () => {
  const results = [done({ ledger: ledger(9, 1) }), done({ state: 'held', ledger: ledger(1, 9) })];
  expect(totalLine([...results, result({ kind: 'open' })])).toBe('2 of 3 files done; rows that count: +2');
  expect(totalLine([done({ ledger: ledger(4, 6) })])).toBe('1 of 1 file done; rows that count: -3');
});
