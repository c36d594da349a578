import { z } from 'zod';

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
