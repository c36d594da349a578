import { z } from 'zod';
import { ArchiveResult } from './results/archive.ts';
import { IngestResult } from './results/ingest.ts';
import { KpiResult } from './results/kpi.ts';
import { LoadResult } from './results/load.ts';
import { ValidateResult } from './results/validate.ts';

/**
 * The stages in the order in which a run passes through them: the name, the Glue job that the stage starts (its default
 * name, before a deployment's suffix) and the schema of the job's result. Everything else about stages derives from
 * here: a further stage is one entry, one service folder and one job.
 */
const PIPELINE = [
  { name: 'ingest', job: 'music_streaming_ingestion', result: IngestResult },
  { name: 'validate', job: 'music_streaming_validation', result: ValidateResult },
  { name: 'kpi', job: 'music_streaming_kpi_computation', result: KpiResult },
  { name: 'load', job: 'music_streaming_dynamodb_load', result: LoadResult },
  { name: 'archive', job: 'music_streaming_archival', result: ArchiveResult },
] as const;

type Entry = (typeof PIPELINE)[number];

/** The names of all stages, in order. */
export const STAGES = PIPELINE.map(({ name }) => name);

export const Stage = z.enum(STAGES);
export type Stage = z.infer<typeof Stage>;

type ByStage<F extends keyof Entry> = { readonly [E in Entry as E['name']]: E[F] };

// Object.fromEntries forgets which name has which value.
const byStage = <F extends keyof Entry>(field: F): ByStage<F> =>
  Object.fromEntries(PIPELINE.map((entry) => [entry.name, entry[field]])) as ByStage<F>;

/** The Glue job of each stage. */
export const GLUE_JOBS = byStage('job');

/** The schema of each stage's result. */
export const RESULTS = byStage('result');

/** The stage with which a backfill's run begins: it has no files to ingest or validate. */
export const BACKFILL_START: Stage = 'kpi';

/** The stages of a backfill's run. */
export const BACKFILL_STAGES = STAGES.slice(STAGES.indexOf(BACKFILL_START));

const neighbour = (stage: Stage, distance: 1 | -1): Stage | null => STAGES[STAGES.indexOf(stage) + distance] ?? null;

/** Returns the stage that follows, null after the last. */
export const nextStage = (stage: Stage): Stage | null => neighbour(stage, 1);

/** Returns the name of a stage's queue: `music-streaming-<stage>`. */
export const queueName = (stage: Stage): string => `music-streaming-${stage}`;

/** Returns the name of a stage's dead-letter queue: the queue's with `-dlq`. */
export const deadLetterQueueName = (stage: Stage): string => `${queueName(stage)}-dlq`;

/** A stage as data, for readers that are not TypeScript: Python, templates, the dashboard. */
export const StageEntry = z.object({
  name: z.string(),
  job: z.string(),
  predecessor: z.string().nullable(),
  next: z.string().nullable(),
});

/** Returns all stages as data. */
export const stageList = (): z.infer<typeof StageEntry>[] =>
  PIPELINE.map(({ name, job }) => ({ name, job, predecessor: neighbour(name, -1), next: nextStage(name) }));
