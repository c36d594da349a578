import { aFile, aQueue, aReplayed, aRun, aSnapshot, aStage, RUN, withRun } from '../../testing/builders.ts';
import { type Patience, validate } from './outcome.ts';

const PATIENCE: Patience = { quietMs: 10_000, stallMs: 60_000 };
const EXPECTED = [
  { key: 'streams/a.csv', version_id: 'v1' },
  { key: 'streams/b.csv', version_id: 'v2' },
];
const REFERENCE = {
  schema_version: 1 as const,
  reference_version: 'r1',
  tracks_key: null,
  users_key: null,
  created_at: null,
  run_id: null,
  sources: [],
  tracks: 1,
  users: 1,
  skipped_rows: {},
  broken: [],
};
const verdict = (files: ReturnType<typeof aFile>[], over = {}, still = 0) =>
  validate(aSnapshot({ files, ...over }), EXPECTED, still, PATIENCE);

const DONE = aFile('streams/b.csv', { version_id: 'v2', state: 'held' });

test('terminal once every version that was put is archived, held or rejected and no run is active', () => {
  const files = [aFile('streams/a.csv'), DONE];
  expect(verdict(files).kind).toBe('terminal');
  expect(verdict(files, { active: [{ stage: 'archive', run_id: RUN }] }).kind).toBe('going');
  expect(verdict(files, { pending: 1 }).kind).toBe('going');
});

test('an older version at rest says nothing about the one that was put', () => {
  const older = aFile('streams/a.csv', { version_id: 'v0' }, { version: 2, version_id: 'v1', state: 'running' });
  expect(verdict([older, DONE]).kind).toBe('going');
});

test('a repeat of known content settles with the version it repeats', () => {
  expect(verdict([aFile('streams/a.csv', { version_id: 'v0', repeats: ['v1'] }), DONE]).kind).toBe('terminal');
});

test('a file nobody has seen yet is not terminal', () => {
  expect(verdict([DONE]).kind).toBe('going');
});

test('a dead stage or a dead letter ends it', () => {
  const dead = aStage('kpi', { state: 'dead', error: 'out of memory' });
  expect(validate(withRun(aRun(dead)), EXPECTED, 0, PATIENCE)).toEqual({ kind: 'dead', stages: [dead], letters: 0 });
  expect(verdict([], { queues: [aQueue('music-streaming-kpi-dlq', 1)] })).toMatchObject({ kind: 'dead', letters: 1 });
});

test('files that wait for reference data wait for ever only when all is quiet and there is none', () => {
  const waiting = [aFile('streams/a.csv', { state: 'waiting' }), DONE];
  expect(verdict(waiting, {}, 9_000).kind).toBe('going');
  expect(verdict(waiting, {}, 10_000)).toEqual({ kind: 'waiting', keys: ['streams/a.csv'] });
  expect(verdict(waiting, { queues: [aQueue('music-streaming-ingest', 1)] }, 10_000).kind).toBe('going');
  expect(verdict(waiting, { reference: REFERENCE }, 10_000).kind).toBe('going');
});

test('no movement for too long is a stall, with what has not terminal', () => {
  const files = [aFile('streams/a.csv', { state: 'running' }), DONE];
  expect(verdict(files, {}, 59_999).kind).toBe('going');
  expect(verdict(files, {}, 60_000)).toEqual({ kind: 'stalled', keys: ['streams/a.csv'] });
});

test('a version whose replay is under way has not terminal; one that waits to be reprocessed keeps all from it', () => {
  const replayed = (state: 'running' | 'archived') => aFile('streams/a.csv', {}, aReplayed({ state }));
  expect(verdict([replayed('running'), DONE]).kind).toBe('going');
  expect(verdict([replayed('archived'), DONE]).kind).toBe('terminal');
  expect(verdict([replayed('archived'), DONE], { pending: 1, replays: 1 }).kind).toBe('going');
});
