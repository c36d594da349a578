import {
  type RunDocument,
  requestStage,
  type Stage,
  type StageDocument,
  type StageRequested,
} from '@music-etl/contracts';
import { later, NOW, RUN } from './moments.ts';

const CREATED = new Date('2026-11-23T10:05:02.123Z');

/** Builds the document of a run without files. */
export const aRunDocument = (changes: Partial<RunDocument> = {}): RunDocument => ({
  schema_version: 1,
  run_id: RUN,
  created_at: CREATED.toISOString(),
  files: [],
  reference_changed: false,
  dates: [],
  reference_version: null,
  why: null,
  ...changes,
});

/** Builds the message that requests `stage` for a run. */
export const aMessage = (runId = RUN, stage: Stage = 'validate'): StageRequested => requestStage(stage, runId, CREATED);

/** Builds a request of `RUN` as `start` gets it; `redriven` is the attempt that a dead-letter message names. */
export const aStageRequest = (redriven: number | null = null) => ({ message: aMessage(), redriven });

/** Builds a stage that a start has just claimed. */
export const aStage = (changes: Partial<StageDocument> = {}): StageDocument => ({
  schema_version: 1,
  run_id: RUN,
  stage: 'validate',
  state: 'claimed',
  attempt: 1,
  failures: 0,
  message: aMessage(changes.run_id, changes.stage),
  claimed_by: 'start-0',
  claimed_at: NOW.toISOString(),
  lease_expires_at: later(60).toISOString(),
  deferrals: 0,
  deferred_since: null,
  job_run_id: null,
  started_at: null,
  ended_at: null,
  job_state: null,
  error: null,
  outbox: [],
  sent: true,
  ...changes,
});

/** Builds a stage whose job runs. */
export const aStartedStage = (changes: Partial<StageDocument> = {}): StageDocument =>
  aStage({ state: 'started', job_run_id: 'jr_1', started_at: NOW.toISOString(), ...changes });

/** Builds a stage whose job has succeeded. */
export const aClosedStage = (changes: Partial<StageDocument> = {}): StageDocument =>
  aStartedStage({
    state: 'closed',
    claimed_at: CREATED.toISOString(),
    lease_expires_at: later(120, CREATED).toISOString(),
    started_at: '2026-11-23T10:05:03.000Z',
    ended_at: '2026-11-23T10:05:05.100Z',
    job_state: 'SUCCEEDED',
    ...changes,
  });
