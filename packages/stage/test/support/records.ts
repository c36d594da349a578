import { requestStage, type StageDocument, type StageRequested } from '@music-etl/contracts';
import type { Limits } from '../../src/domain/limits.ts';
import type { JobRun } from '../../src/domain/ports.ts';

export const RUN = '20261123T100502123-9f86d081';
export const NOW = new Date('2026-11-23T10:10:00.000Z');

export const later = (seconds: number, from = NOW): Date => new Date(from.getTime() + seconds * 1000);

export const aMessage = (runId = RUN): StageRequested =>
  requestStage('validate', runId, new Date('2026-11-23T10:05:02.123Z'));

export const someLimits = (changes: Partial<Limits> = {}): Limits => ({
  leaseSeconds: 60,
  maxFailures: 3,
  backoffBaseSeconds: 10,
  backoffMaxSeconds: 900,
  maxDeferralSeconds: 3600,
  silenceSeconds: 120,
  ...changes,
});

export const aStage = (changes: Partial<StageDocument> = {}): StageDocument => ({
  schema_version: 1,
  run_id: RUN,
  stage: 'validate',
  state: 'claimed',
  attempt: 1,
  failures: 0,
  message: aMessage(),
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

export const aStartedStage = (changes: Partial<StageDocument> = {}): StageDocument =>
  aStage({ state: 'started', job_run_id: 'jr_1', started_at: NOW.toISOString(), ...changes });

export const aJob = (changes: Partial<JobRun> = {}): JobRun => ({
  id: 'jr_1',
  runId: RUN,
  attempt: 1,
  state: 'SUCCEEDED',
  error: null,
  ...changes,
});
