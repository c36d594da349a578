import {
  aFile,
  aLetter,
  aQueue,
  aReplayed,
  aRun,
  aRunFile,
  aSnapshot,
  aStage,
  RUN,
  withRun,
} from '../testing/builders.ts';
import { renderStatus } from './render.ts';
import { statusOf } from './status.ts';

const TARGET = {
  endpoint: 'http://127.0.0.1:1',
  origin: 'the local stack',
  region: 'r',
  bucket: 'b',
  table: 't',
  env: {},
};
const NOW = Date.parse('2026-11-23T10:05:13.000Z');

test('tells of files, rows, runs and queues, and of what needs a person', () => {
  const held = aFile('streams/bad.csv', {
    state: 'held',
    reason: {
      code: 'too_many_quarantined',
      detail: '812 of 1000 rows were quarantined; see quarantine/file=x/version=1/r-1.jsonl.gz',
    },
    quarantine_key: 'quarantine/x',
  });
  const running = aStage('kpi', { state: 'started', ended_at: null, attempt: 2 });
  const snapshot = withRun(aRun(running), {
    files: [aFile('streams/a.csv'), held, aFile('streams/w.csv', { state: 'waiting', ledger: null })],
    active: [{ stage: 'kpi', run_id: RUN }],
    queues: [aQueue('music-streaming-kpi', 1), aQueue('music-streaming-kpi-dlq', 0)],
  });
  const lines = renderStatus(statusOf(snapshot, TARGET, []), NOW);
  expect(lines).toEqual(
    expect.arrayContaining([
      'files      3: 1 archived · 1 held · 1 waiting',
      'rows       20 read = 14 accepted + 4 quarantined + 2 duplicate',
      'runs       9f86d081 at kpi: started, 10.0 s, attempt 2, 0 files',
      'queues     kpi 1',
      'letters    no dead letters',
      'HELD streams/bad.csv version 1',
      '  none of its rows count: 812 of 1000 rows were quarantined (too_many_quarantined).',
      'WAITING streams/w.csv',
    ]),
  );
  expect(lines.join('\n')).toContain('put --songs songs.csv --users users.csv');
});

const DEAD = aStage('load', { state: 'dead', failures: 3, error: 'failed 3 times: AccessDenied:\n dynamodb:PutItem' });
const RUNS = new Map([
  [RUN, { files: [aRunFile('streams/b.csv'), aRunFile('streams/a.csv')], reference_changed: true }],
]);

test('a dead stage takes one line: which files, which stage, why, what to do; its letter none of its own', () => {
  const letter = aLetter({ queue: 'music-streaming-load-dlq', run_id: RUN });
  const lines = renderStatus(statusOf(withRun(aRun(DEAD)), TARGET, [letter], RUNS), NOW);
  expect(lines.filter((line) => line.startsWith('DEAD'))).toEqual([
    `DEAD load of streams/a.csv, streams/b.csv and reference data (run ${RUN}): given up (Glue run jr_1): failed 3 times: AccessDenied: dynamodb:PutItem. To do: put right what the error names, then npx music-etl redrive load`,
  ]);
});

test('a deployment with a suffix is redriven under it', () => {
  const letter = aLetter({ queue: 'music-streaming-load-test-dlq', run_id: RUN });
  const { attention } = statusOf(withRun(aRun(DEAD)), TARGET, [letter], RUNS);
  expect(attention).toHaveLength(1);
  expect(attention[0]?.todo).toMatch(/npx music-etl redrive load --suffix=-test$/);
});

test('a dead letter of no dead stage: an arrival is sent again, what is no message of ours is not', () => {
  const arrival = aLetter({ keys: ['streams/a.csv'] });
  const foreign = aLetter({ reason: 'malformed message', error: 'not JSON' });
  const { attention } = statusOf(withRun(aRun()), TARGET, [arrival, foreign]);
  expect(attention).toEqual([
    expect.objectContaining({
      about: 'ingest of streams/a.csv',
      todo: 'put right what the error names, then npx music-etl redrive ingest',
    }),
    expect.objectContaining({
      about: 'ingest of no file',
      sentence: 'malformed message: not JSON.',
      todo: 'it is no message of the pipeline: find who sent it, and take it out of music-streaming-ingest-dlq',
    }),
  ]);
});

test('a held file comes with the commands that let it go; one that a person rejected needs nobody', () => {
  const held = aFile("streams/it's bad.csv", { state: 'held' });
  const byHand = aFile('streams/no.csv', {
    state: 'rejected',
    reason: { code: 'rejected_manually', detail: 'no (ada)' },
  });
  const lines = renderStatus(statusOf(aSnapshot({ files: [held, byHand] }), TARGET, []), NOW);
  expect(lines.slice(-6)).toEqual([
    "HELD streams/it's bad.csv version 1",
    '  none of its rows count: no reason given.',
    '  to do: look at its rows, then release it, reject it, or correct the file and put it again under the same name',
    "    npx music-etl quarantine show --file 'streams/it'\\''s bad.csv'",
    "    npx music-etl quarantine release 'streams/it'\\''s bad.csv' --why '…'",
    "    npx music-etl quarantine reject 'streams/it'\\''s bad.csv' --why '…'",
  ]);
});

test('a request that could not be done is told, and is not sent again', () => {
  const letter = aLetter({
    keys: ['streams/a.csv'],
    request: { action: 'release', request_id: '1' },
    reason: 'impossible request',
    error: 'it is archived, not held',
  });
  expect(statusOf(aSnapshot(), TARGET, [letter]).attention).toEqual([
    expect.objectContaining({
      about: 'release of streams/a.csv, asked for by a person',
      sentence: 'impossible request: it is archived, not held.',
      todo: expect.not.stringContaining('redrive'),
    }),
  ]);
});

test('files to be reprocessed are told apart from arrivals, and a replay that came to nothing leaves its file be', () => {
  const file = aFile('streams/a.csv', {}, aReplayed({ state: 'rejected', ledger: null }));
  const lines = renderStatus(statusOf(aSnapshot({ files: [file], pending: 3, replays: 2 }), TARGET, []), NOW);
  expect(lines.filter((line) => /^files|no run yet/.test(line))).toEqual([
    'files      1: 1 archived',
    '           1 arrival in no run yet',
    '           2 files to be reprocessed, in no run yet',
  ]);
});
