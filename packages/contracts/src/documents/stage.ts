import { z } from 'zod';
import { StageRequested } from '../messages.ts';
import { Count, Instant, Ordinal, RunId } from '../primitives.ts';
import { Stage } from '../stages.ts';

/**
 * claimed: a start holds the stage until `lease_expires_at` · started: its Glue run is under way · deferred: the
 * pipeline was at capacity, a delayed message is out · retrying: the job failed and may be started again ·
 * closed: the job succeeded · dead: given up, the message is in the dead-letter queue.
 */
export const StageState = z.enum(['claimed', 'started', 'deferred', 'retrying', 'closed', 'dead']);
export type StageState = z.infer<typeof StageState>;

/** A message to send. It is part of the state that decided it, so a crash before sending loses nothing. */
export const OutboxEntry = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('request'), message: StageRequested, delay_seconds: Count }),
  z.object({
    kind: z.literal('dead_letter'),
    message: StageRequested,
    /** The attempt that was given up. The redriven message names it, so it resumes this death and no later one. */
    attempt: Ordinal,
    reason: z.string(),
    job_run_id: z.string().nullable(),
    error: z.string(),
  }),
  z.object({ kind: z.literal('run_completed'), run_id: RunId }),
]);
export type OutboxEntry = z.infer<typeof OutboxEntry>;

/** `processed/runs/<run id>/<stage>/stage.json`: the claim of a stage on a run, and how it ended. */
export const StageDocument = z.object({
  schema_version: z.literal(1),
  run_id: RunId,
  stage: Stage,
  state: StageState,
  /** 1, 2, …: counts the Glue runs that were requested; the job writes under it. */
  attempt: Ordinal,
  /** Failed attempts since the start or the last redrive. */
  failures: Count,
  message: StageRequested,
  claimed_by: z.string(),
  claimed_at: Instant,
  lease_expires_at: Instant,
  deferrals: Count,
  deferred_since: Instant.nullable(),
  job_run_id: z.string().nullable(),
  started_at: Instant.nullable(),
  ended_at: Instant.nullable(),
  job_state: z.string().nullable(),
  error: z.string().nullable(),
  outbox: z.array(OutboxEntry),
  sent: z.boolean(),
});
export type StageDocument = z.infer<typeof StageDocument>;
