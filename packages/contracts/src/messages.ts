import { z } from 'zod';
import { PATCHES_PREFIX } from './keys.ts';
import { Instant, Ordinal, RunId } from './primitives.ts';
import { STAGES, Stage } from './stages.ts';

const REQUESTED = '.requested';

/**
 * The only message between services: `<stage>.requested`, sent to the stage's own queue. It names the run and nothing
 * else; a job reads what it needs from the run's documents. `requested_at` bounds how long the message is deferred
 * while the pipeline is at capacity.
 */
export const StageRequested = z.object({
  type: z.enum(STAGES.map((stage) => `${stage}.requested` as const)),
  schema_version: z.literal(1),
  run_id: RunId,
  requested_at: Instant,
});
export type StageRequested = z.infer<typeof StageRequested>;

/** Builds the message that requests `stage` for a run. */
export const requestStage = (stage: Stage, runId: string, now: Date): StageRequested => ({
  type: `${stage}.requested`,
  schema_version: 1,
  run_id: runId,
  requested_at: now.toISOString(),
});

/** The attribute of a dead-letter message with the attempt that was given up. SQS keeps it when it redrives. */
export const ATTEMPT_ATTRIBUTE = 'attempt';

/** Returns the stage that a message requests. */
export const stageOf = (message: StageRequested): Stage => Stage.parse(message.type.slice(0, -REQUESTED.length));

/**
 * A person's decision on a file, sent to ingest's queue. replay: reprocess it · release: reprocess a file on hold and
 * accept its rows · reject: the rows of a file on hold never count. `version` is the version that the person saw; if a
 * newer one has come, the request is void.
 */
export const FileRequested = z.object({
  type: z.literal('file.requested'),
  schema_version: z.literal(1),
  action: z.enum(['replay', 'release', 'reject']),
  request_id: z.string().regex(/^[0-9a-f-]{8,36}$/),
  key: z.string().min(1),
  version: Ordinal,
  why: z.string().min(1).max(1000),
  requested_by: z.string().min(1),
  requested_at: Instant,
  /** replay: an object of row patches. */
  patches_key: z.string().startsWith(PATCHES_PREFIX).nullable(),
});
export type FileRequested = z.infer<typeof FileRequested>;
