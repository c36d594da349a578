import { z } from 'zod';
import {
  DateLedger,
  EventDate,
  FileId,
  FileLedger,
  Instant,
  RawObject,
  Reason,
  ReferenceSource,
  Replay,
  RunId,
} from './documents.ts';

const count = z.int().nonnegative();

/** What every job's result says of itself. Written once per run and stage, with If-None-Match: the job's one commit. */
const resultHead = { schema_version: z.literal(1), run_id: RunId, attempt: z.int().positive(), committed_at: Instant };

const fileOfRun = { file_id: FileId, key: z.string(), version: z.int().positive() };

/** The manifest of the batch. `source` tells validate how to read the rows; only the jobs look into it. */
export const IngestResult = z.object({
  ...resultHead,
  reference_version: z.string().nullable(),
  files: z.array(
    z.object({
      ...fileOfRun,
      version_id: z.string(),
      etag: z.string(),
      size: count,
      replay: Replay.nullable().default(null),
      raw: RawObject.nullable().default(null),
      /** Of the content's first arrival: a replay reads a copy, which is younger. */
      last_modified: Instant.nullable(),
      /** skipped: the file's document names another run. */
      outcome: z.enum(['prepared', 'waiting', 'rejected', 'skipped']),
      reason: Reason.nullable(),
      format: z.enum(['csv', 'json', 'parquet']).nullable(),
      compression: z.enum(['none', 'gzip', 'zstd']).nullable(),
      read: count.nullable(),
      source: z.record(z.string(), z.unknown()).nullable(),
    }),
  ),
  snapshot: z.object({
    built: z.boolean(),
    sources: z.array(ReferenceSource),
    broken: z.array(z.object({ key: z.string(), reason: Reason })),
  }),
});

export const ValidateResult = z.object({
  ...resultHead,
  reference_version: z.string(),
  files: z.array(
    z.object({
      ...fileOfRun,
      outcome: z.enum(['validated', 'held', 'superseded', 'skipped']),
      ledger: FileLedger.nullable(),
      dates: z.record(EventDate, count),
      quarantine_key: z.string().nullable(),
    }),
  ),
  touched_dates: z.array(EventDate),
});

export const KpiResult = z.object({
  ...resultHead,
  reference_version: z.string(),
  generation: count,
  dates: z.array(
    z.object({
      date: EventDate,
      ledger: DateLedger,
      items: z.record(z.string(), count),
      /** false: a newer generation had published this date already. */
      published: z.boolean(),
    }),
  ),
});

export const LoadResult = z.object({
  ...resultHead,
  dates: z.array(
    z.object({ date: EventDate, generation: z.int().positive(), written: count, removed: count, superseded: count }),
  ),
});

export const ArchiveResult = z.object({
  ...resultHead,
  archive_prefix: z.string(),
  lineage_key: z.string(),
  files: z.array(
    z.object({ ...fileOfRun, version_id: z.string(), archived_to: z.string(), bytes: count, deleted: z.boolean() }),
  ),
  objects: count,
});

export const RESULTS = {
  ingest: IngestResult,
  validate: ValidateResult,
  kpi: KpiResult,
  load: LoadResult,
  archive: ArchiveResult,
} as const;
export type IngestResult = z.infer<typeof IngestResult>;
export type ValidateResult = z.infer<typeof ValidateResult>;
export type KpiResult = z.infer<typeof KpiResult>;
export type LoadResult = z.infer<typeof LoadResult>;
export type ArchiveResult = z.infer<typeof ArchiveResult>;
