/** The job that erases a user's listens. It belongs to archive and is started by a person. */
export const ERASURE_JOB = 'music_streaming_erasure';

export const DEFAULT_BUCKET = 'music-streaming-analyses-bucket';
export const TABLE = 'music_streaming_kpis';
export const PERIOD_INDEX = 'by_period';

/** The event that archive sends when a run has passed through all stages. */
export const RUN_COMPLETED = { source: 'music-streaming.archive', detailType: 'run.completed' } as const;
