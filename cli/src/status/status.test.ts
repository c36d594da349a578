import { aReference } from '@music-etl/testing';
import {
  aDeadLetterMessage,
  aFile,
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

test('shows files, rows, runs and queues, and what needs a person', () => {
  const held = aFile('streams/bad.csv', {
    state: 'held',
    reason: { code: 'too_many_quarantined', detail: '812 of 1000 rows were quarantined' },
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
      'files      3: 1 archived · 1 on hold · 1 waiting',
      'rows       20 read = 14 accepted + 4 quarantined + 2 duplicate',
      'runs       9f86d081 at kpi: started, 10.0 s, attempt 2, 0 files',
      'queues     kpi 1',
      'DLQs       empty',
      'ON HOLD streams/bad.csv version 1',
      '  none of its rows count: 812 of 1000 rows were quarantined',
      'WAITING streams/w.csv',
    ]),
  );
  expect(lines.join('\n')).toContain('put --songs songs.csv --users users.csv');
});

const DEAD = aStage('load', { state: 'dead', failures: 3, error: 'failed 3 times: AccessDenied:\n dynamodb:PutItem' });
const RUNS = new Map([
  [RUN, { files: [aRunFile('streams/b.csv'), aRunFile('streams/a.csv')], reference_changed: true }],
]);

test('a dead stage takes one line: files, stage, error, what to do; its dead-letter message takes none', () => {
  const message = aDeadLetterMessage({ queue: 'music-streaming-load-dlq', run_id: RUN });
  const lines = renderStatus(statusOf(withRun(aRun(DEAD)), TARGET, [message], RUNS), NOW);
  expect(lines.filter((line) => line.startsWith('DEAD'))).toEqual([
    `DEAD load of streams/a.csv, streams/b.csv and reference data (run ${RUN}): given up (Glue run jr_1): ` +
      'failed 3 times: AccessDenied: dynamodb:PutItem. ' +
      'To do: fix what the error names, then npx music-etl redrive load',
  ]);
});

test('a deployment with a suffix is redriven under it', () => {
  const message = aDeadLetterMessage({ queue: 'music-streaming-load-test-dlq', run_id: RUN });
  const { attention } = statusOf(withRun(aRun(DEAD)), TARGET, [message], RUNS);
  expect(attention).toHaveLength(1);
  expect(attention[0]?.todo).toMatch(/npx music-etl redrive load --suffix=-test$/);
});

test('a dead-letter message of an arrival is to be redriven, a foreign one is not', () => {
  const arrival = aDeadLetterMessage({ keys: ['streams/a.csv'] });
  const foreign = aDeadLetterMessage({ reason: 'malformed message', error: 'not JSON' });
  const { attention } = statusOf(withRun(aRun()), TARGET, [arrival, foreign]);
  expect(attention).toEqual([
    expect.objectContaining({
      about: 'ingest of streams/a.csv',
      todo: 'fix what the error names, then npx music-etl redrive ingest',
    }),
    expect.objectContaining({
      about: 'ingest of no file',
      sentence: 'malformed message: not JSON.',
      todo: 'no message of the pipeline: find its sender, and delete it from music-streaming-ingest-dlq',
    }),
  ]);
});

test('a file on hold comes with the commands to decide; one that a person rejected needs nobody', () => {
  const held = aFile("streams/it's bad.csv", { state: 'held' });
  const byHand = aFile('streams/no.csv', {
    state: 'rejected',
    reason: { code: 'rejected_manually', detail: 'no (ada)' },
  });
  const lines = renderStatus(statusOf(aSnapshot({ files: [held, byHand] }), TARGET, []), NOW);
  expect(lines.slice(-7)).toEqual([
    "ON HOLD streams/it's bad.csv version 1",
    '  none of its rows count: no reason given.',
    '  to do: look at its rows, then release it, reject it, or correct the file and',
    '  put it again under the same name',
    "    npx music-etl quarantine show --file 'streams/it'\\''s bad.csv'",
    "    npx music-etl quarantine release 'streams/it'\\''s bad.csv' --why '…'",
    "    npx music-etl quarantine reject 'streams/it'\\''s bad.csv' --why '…'",
  ]);
});

test('an impossible request is shown, and is not to be redriven', () => {
  const message = aDeadLetterMessage({
    keys: ['streams/a.csv'],
    request: { action: 'release', request_id: '1' },
    reason: 'impossible request',
    error: 'it is archived, not held',
  });
  expect(statusOf(aSnapshot(), TARGET, [message]).attention).toEqual([
    expect.objectContaining({
      about: 'release of streams/a.csv, requested by a person',
      sentence: 'impossible request: it is archived, not held.',
      todo: expect.not.stringContaining('redrive'),
    }),
  ]);
});

test('files to be reprocessed are counted apart from arrivals; a void replay changes no state', () => {
  const file = aFile('streams/a.csv', {}, aReplayed({ state: 'rejected', ledger: null }));
  const lines = renderStatus(statusOf(aSnapshot({ files: [file], pending: 3, replays: 2 }), TARGET, []), NOW);
  expect(lines.filter((line) => /^files|no run yet/.test(line))).toEqual([
    'files      1: 1 archived',
    '           1 arrival in no run yet',
    '           2 files to be reprocessed, in no run yet',
  ]);
});

test('a file with reused event ids is shown, and nothing is lost', () => {
  const file = aFile('streams/a.csv', { reused_event_ids: 12 });
  const lines = renderStatus(statusOf(aSnapshot({ files: [file] }), TARGET, []), NOW);
  expect(lines).toContain('REUSED IDS streams/a.csv version 1');
  expect(lines.join(' ')).toContain('12 event ids of this file name several different rows; all of them count.');
});

test('reference rows that cannot be used are counted by reason', () => {
  const reference = aReference({ tracks: 10, users: 2, skipped_rows: { missing_field: 3, bad_number: 1 } });
  const lines = renderStatus(statusOf(aSnapshot({ reference }), TARGET, []), NOW);
  expect(lines).toContain('           4 rows cannot be used: 3 missing_field, 1 bad_number');
});

test('no line is wider than a terminal but the one of a dead stage', () => {
  const reason = { code: 'too_many_quarantined', detail: `${'812 of 1000 rows were quarantined, '.repeat(5)}see them` };
  const ledger = {
    read: 1e9,
    accepted: 1e9,
    quarantined: { unknown_user: 1e6, unknown_track: 1e6, bad_number: 5e5 },
    duplicate: 0,
  };
  const files = [aFile('streams/a.csv', { state: 'held', reason, ledger, reused_event_ids: 1e6 })];
  const lines = renderStatus(statusOf(withRun(aRun(DEAD), { files }), TARGET, [], RUNS), NOW);
  expect(lines.filter((line) => line.length > 80 && !line.startsWith('DEAD'))).toEqual([]);
});
