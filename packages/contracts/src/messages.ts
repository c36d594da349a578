import { z } from 'zod';
import { Stage } from './names.ts';

/**
 * The only message between services: `<stage>.requested`, sent to the stage's own queue. It names the run and nothing
 * else; what a job needs it reads from the run's documents. `requested_at` bounds how long a at capacity may defer it.
 */
export const StageRequested = z.object({
  type: z.enum(['ingest.requested', 'validate.requested', 'kpi.requested', 'load.requested', 'archive.requested']),
  schema_version: z.literal(1),
  run_id: z.string().regex(/^\d{8}T\d{9}-[0-9a-f]{8}$/),
  requested_at: z.iso.datetime({ precision: 3 }),
});
export type StageRequested = z.infer<typeof StageRequested>;

/** Builds the message that asks `stage` to take over `runId`. */
export const requestStage = (stage: Stage, runId: string, now: Date): StageRequested => ({
  type: `${stage}.requested`,
  schema_version: 1,
  run_id: runId,
  requested_at: now.toISOString(),
});

export const stageOf = (message: StageRequested): Stage => Stage.parse(message.type.slice(0, -'.requested'.length));

/**
 * A person's word on a file, sent to ingest's queue. replay: reprocess it · release: validate a held file again and let
 * its rows stand · reject: a held file is not to stand. `version` is the version the person saw; a newer one wins.
 */
export const FileRequested = z.object({
  type: z.literal('file.requested'),
  schema_version: z.literal(1),
  action: z.enum(['replay', 'release', 'reject']),
  request_id: z.string().regex(/^[0-9a-f-]{8,36}$/),
  key: z.string().min(1),
  version: z.int().positive(),
  why: z.string().min(1).max(1000),
  requested_by: z.string().min(1),
  requested_at: z.iso.datetime({ precision: 3 }),
  /** replay: row patches, an object under processed/patches/. */
  patches_key: z.string().startsWith('processed/patches/').nullable(),
});
export type FileRequested = z.infer<typeof FileRequested>;

/** Message attributes of a dead letter, beside the unchanged body. */
export const DEAD_LETTER_ATTRIBUTES = ['reason', 'job_run_id', 'error'] as const;

/** S3's notification as SQS delivers it; `s3:TestEvent` has no Records. Keys are form-encoded. */
export const S3Notification = z.object({
  Records: z
    .array(
      z.object({
        eventName: z.string(),
        eventTime: z.string().optional(),
        s3: z.object({
          bucket: z.object({ name: z.string() }),
          object: z.object({
            key: z.string(),
            size: z.number().optional(),
            eTag: z.string().optional(),
            versionId: z.string().optional(),
            sequencer: z.string().optional(),
          }),
        }),
      }),
    )
    .optional(),
});
export type S3Notification = z.infer<typeof S3Notification>;

/** `Glue Job State Change` as EventBridge delivers it. It carries no arguments: GetJobRun gives them. */
export const GlueJobStateChange = z.object({
  source: z.literal('aws.glue'),
  'detail-type': z.literal('Glue Job State Change'),
  detail: z.object({
    jobName: z.string(),
    state: z.enum(['SUCCEEDED', 'FAILED', 'TIMEOUT', 'STOPPED']),
    jobRunId: z.string(),
    severity: z.string().optional(),
    message: z.string().optional(),
  }),
});
export type GlueJobStateChange = z.infer<typeof GlueJobStateChange>;

/** Detail of archive's `run.completed`. */
export const RunCompleted = z.object({ run_id: z.string() });
