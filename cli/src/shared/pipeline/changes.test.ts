import type { FileVersion } from '@music-etl/contracts';
import { aFile, aReplay, aReplayed, aRun, aRunFile, aSnapshot, aStage, withRun } from '../../testing/builders.ts';
import { changes } from './changes.ts';
import { EMPTY_SNAPSHOT } from './snapshot.ts';

test('a stage that closed and a file that became terminal are printed once', () => {
  const before = withRun(aRun(aStage('validate', { state: 'started' })), {
    files: [aFile('streams/a.csv', { state: 'running' })],
  });
  const after = withRun(aRun(aStage('validate')), { files: [aFile('streams/a.csv')] });
  expect(changes(before, after)).toEqual([
    'validate  run 9f86d081  rows 10 = 7 + 2 + 1, 2.1 s',
    expect.stringMatching(/^✔ a\.csv +10 = +7 \+ +2 \+ +1 {2}archived 5:05$/),
  ]);
  expect(changes(after, after)).toEqual([]);
});

test('each failed attempt is printed, and the end of the retries', () => {
  const failed = aStage('kpi', { state: 'retrying', attempt: 1, error: 'killed' });
  const again = aStage('kpi', { state: 'retrying', attempt: 2, error: 'killed' });
  const dead = aStage('kpi', { state: 'dead', attempt: 3, error: 'killed' });
  expect(changes(EMPTY_SNAPSHOT, withRun(aRun(failed)))).toEqual([
    'kpi       run 9f86d081  attempt 1 failed (killed); it is tried again',
  ]);
  expect(changes(withRun(aRun(failed)), withRun(aRun(again)))).toHaveLength(1);
  expect(changes(withRun(aRun(again)), withRun(aRun(dead)))).toEqual(['kpi       run 9f86d081  given up: killed']);
});

test('a file that was reprocessed shows why; one whose replay is void shows that nothing changed', () => {
  const running = aSnapshot({ files: [aFile('streams/a.csv', {}, aReplayed({ state: 'running' }))] });
  const ended = (over: Partial<FileVersion>) => aSnapshot({ files: [aFile('streams/a.csv', {}, aReplayed(over))] });
  expect(changes(running, ended({ state: 'archived' }))).toEqual([
    expect.stringMatching(/✔ a\.csv .* archived, reprocessed: the users came late$/),
  ]);
  const gone = { code: 'gone', detail: 'its object is gone' };
  expect(changes(running, ended({ state: 'rejected', ledger: null, reason: gone }))).toEqual([
    expect.stringMatching(/✘ a\.csv +no effect, reprocessed: the users came late: rejected: its object is gone$/),
  ]);
});

test('the start of a run counts arrivals and files to be reprocessed apart', () => {
  const run = aRun(aStage('ingest'));
  const again = { ...aRunFile('streams/b.csv'), replay: aReplay() };
  const document = run.document && { ...run.document, files: [aRunFile('streams/a.csv'), again] };
  expect(changes(EMPTY_SNAPSHOT, withRun({ ...run, document }))).toEqual([
    'ingest    run 9f86d081  1 file and 1 file to be reprocessed and reference data, 2.1 s',
  ]);
});
