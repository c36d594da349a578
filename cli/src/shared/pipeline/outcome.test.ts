import type { FileDocument } from '@music-etl/contracts';
import { aReference } from '@music-etl/testing';
import { aFile, aQueue, aReplayed, aRun, aSnapshot, aStage, RUN, withRun } from '../../testing/builders.ts';
import { outcomeOf, type Patience } from './outcome.ts';
import type { Snapshot } from './snapshot.ts';

const PATIENCE: Patience = { quietMs: 10_000, stallMs: 60_000 };
const EXPECTED = [
  { key: 'streams/a.csv', version_id: 'v1' },
  { key: 'streams/b.csv', version_id: 'v2' },
];
const outcome = (files: FileDocument[], over: Partial<Snapshot> = {}, stillForMs = 0) =>
  outcomeOf(aSnapshot({ files, ...over }), EXPECTED, stillForMs, PATIENCE);

const DONE = aFile('streams/b.csv', { version_id: 'v2', state: 'held' });

test('terminal when each version that was put is archived, on hold or rejected and no run is active', () => {
  const files = [aFile('streams/a.csv'), DONE];
  expect(outcome(files).kind).toBe('terminal');
  expect(outcome(files, { active: [{ stage: 'archive', run_id: RUN }] }).kind).toBe('going');
  expect(outcome(files, { pending: 1 }).kind).toBe('going');
});

test('not terminal when only an older version than the one that was put is archived', () => {
  const older = aFile('streams/a.csv', { version_id: 'v0' }, { version: 2, version_id: 'v1', state: 'running' });
  expect(outcome([older, DONE]).kind).toBe('going');
});

test('a repeat of known content ends with the version that it repeats', () => {
  expect(outcome([aFile('streams/a.csv', { version_id: 'v0', repeats: ['v1'] }), DONE]).kind).toBe('terminal');
});

test('not terminal while a file has not been seen', () => {
  expect(outcome([DONE]).kind).toBe('going');
});

test('dead when a stage is dead or a dead-letter queue holds a message', () => {
  const dead = aStage('kpi', { state: 'dead', error: 'out of memory' });
  expect(outcomeOf(withRun(aRun(dead)), EXPECTED, 0, PATIENCE)).toEqual({ kind: 'dead', stages: [dead], messages: 0 });
  expect(outcome([], { queues: [aQueue('music-streaming-kpi-dlq', 1)] })).toMatchObject({ kind: 'dead', messages: 1 });
});

test('waiting when files wait for reference data, there is none and all is quiet', () => {
  const waiting = [aFile('streams/a.csv', { state: 'waiting' }), DONE];
  expect(outcome(waiting, {}, 9_000).kind).toBe('going');
  expect(outcome(waiting, {}, 10_000)).toEqual({ kind: 'waiting', keys: ['streams/a.csv'] });
  expect(outcome(waiting, { queues: [aQueue('music-streaming-ingest', 1)] }, 10_000).kind).toBe('going');
  expect(outcome(waiting, { reference: aReference() }, 10_000).kind).toBe('going');
});

test('stalled when nothing has changed for too long, with the files that are not terminal', () => {
  const files = [aFile('streams/a.csv', { state: 'running' }), DONE];
  expect(outcome(files, {}, 59_999).kind).toBe('going');
  expect(outcome(files, {}, 60_000)).toEqual({ kind: 'stalled', keys: ['streams/a.csv'] });
});

test('not terminal while a replay of what was put is running or pending', () => {
  const replayed = (state: 'running' | 'archived') => aFile('streams/a.csv', {}, aReplayed({ state }));
  expect(outcome([replayed('running'), DONE]).kind).toBe('going');
  expect(outcome([replayed('archived'), DONE]).kind).toBe('terminal');
  expect(outcome([replayed('archived'), DONE], { pending: 1, replays: 1 }).kind).toBe('going');
});
