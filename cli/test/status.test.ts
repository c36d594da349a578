import { renderStatus } from '../src/domain/render-status.ts';
import { statusOf } from '../src/domain/status.ts';
import { aFile, aQueue, aRun, aStage, RUN, withRun } from './support/builders.ts';

const PLACE = {
  endpoint: 'http://127.0.0.1:1',
  origin: 'the local floor',
  region: 'r',
  bucket: 'b',
  table: 't',
  env: {},
};
const NOW = Date.parse('2026-11-23T10:05:13.000Z');

test('tells of files, rows, runs and queues, and of what needs a person', () => {
  const held = aFile('streams/bad.csv', {
    state: 'held',
    reason: { code: 'too_many_refused', detail: '812 of 1000 rows were refused' },
    quarantine_key: 'quarantine/x',
  });
  const running = aStage('kpi', { state: 'started', ended_at: null, attempt: 2 });
  const snapshot = withRun(aRun(running), {
    files: [aFile('streams/a.csv'), held, aFile('streams/w.csv', { state: 'waiting', ledger: null })],
    active: [{ stage: 'kpi', run_id: RUN }],
    queues: [aQueue('music-streaming-kpi', 1), aQueue('music-streaming-kpi-dlq', 0)],
  });
  const lines = renderStatus(statusOf(snapshot, PLACE, []), NOW);
  expect(lines).toEqual(
    expect.arrayContaining([
      'files      3: 1 archived · 1 held · 1 waiting',
      'rows       20 read = 14 accepted + 4 quarantined + 2 duplicate',
      'runs       9f86d081 at kpi: started, 10.0 s, attempt 2, 0 files',
      'queues     kpi 1',
      'letters    no dead letters',
      'HELD streams/bad.csv version 1',
      '  none of its rows count: 812 of 1000 rows were refused (too_many_refused).',
      'WAITING streams/w.csv',
    ]),
  );
  expect(lines.join('\n')).toContain('put --songs songs.csv --users users.csv');
});

test('a dead stage and a dead letter are explained with their error and what to do', () => {
  const dead = aStage('load', { state: 'dead', failures: 3, error: 'AccessDenied: dynamodb:PutItem' });
  const letter = { queue: 'music-streaming-ingest-dlq', run_id: null, reason: 'malformed', error: 'not JSON' };
  const same = { ...letter, queue: 'music-streaming-load-dlq', run_id: RUN };
  const { attention } = statusOf(withRun(aRun(dead)), PLACE, [same, letter]);
  expect(attention).toEqual([
    expect.objectContaining({
      about: `run ${RUN} at load`,
      sentence: 'given up: AccessDenied: dynamodb:PutItem (Glue run jr_1).',
    }),
    expect.objectContaining({ about: 'music-streaming-ingest-dlq', sentence: 'malformed: not JSON.' }),
  ]);
});
