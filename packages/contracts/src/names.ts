import { z } from 'zod';

/** The five stages, in the order in which a run passes through them. */
export const STAGES = ['ingest', 'validate', 'kpi', 'load', 'archive'] as const;

export const Stage = z.enum(STAGES);
export type Stage = z.infer<typeof Stage>;

/** The Glue job each stage starts; the default name, before a deployment's suffix. */
export const GLUE_JOBS: Record<Stage, string> = {
  ingest: 'music_streaming_ingestion',
  validate: 'music_streaming_validation',
  kpi: 'music_streaming_kpi_computation',
  load: 'music_streaming_dynamodb_load',
  archive: 'music_streaming_archival',
};

/** The job that erases a user's listens; it belongs to archive and is started by a person. */
export const ERASURE_JOB = 'music_streaming_erasure';

export const DEFAULT_BUCKET = 'music-streaming-analyses-bucket';
export const TABLE = 'music_streaming_kpis';
export const PERIOD_INDEX = 'by_period';

/** Queue of a stage: `music-streaming-<stage>`; its dead letters: the same with `-dlq`. */
export const queueName = (stage: Stage): string => `music-streaming-${stage}`;
export const deadLetterQueueName = (stage: Stage): string => `${queueName(stage)}-dlq`;

/** The event archive sends when a run has passed through all five stages. */
export const RUN_COMPLETED = { source: 'music-streaming.archive', detailType: 'run.completed' } as const;
