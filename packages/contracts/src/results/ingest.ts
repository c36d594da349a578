import { z } from 'zod';
import { Reason, Replay } from '../documents/file.ts';
import { ReferenceSource } from '../documents/reference.ts';
import { RawObject } from '../documents/run.ts';
import { Count, Instant } from '../primitives.ts';
import { fileOfRun, resultHead } from './head.ts';

export const IngestFile = z.object({
  ...fileOfRun,
  version_id: z.string(),
  etag: z.string(),
  size: Count,
  replay: Replay.nullable().default(null),
  raw: RawObject.nullable().default(null),
  /** Of the content's first arrival: a replay reads a copy, which is younger. */
  last_modified: Instant.nullable(),
  /** skipped: the file's document names another run. */
  outcome: z.enum(['prepared', 'waiting', 'rejected', 'skipped']),
  reason: Reason.nullable(),
  format: z.enum(['csv', 'json', 'parquet']).nullable(),
  compression: z.enum(['none', 'gzip', 'zstd']).nullable(),
  read: Count.nullable(),
  /** How validate reads the rows; only the jobs look into it. */
  source: z.record(z.string(), z.unknown()).nullable(),
});

/** A reference file that the job could not use. */
export const BrokenFile = z.object({ key: z.string(), reason: Reason });

export const Snapshot = z.object({
  built: z.boolean(),
  sources: z.array(ReferenceSource),
  broken: z.array(BrokenFile),
});

/** The manifest of the batch. */
export const IngestResult = z.object({
  ...resultHead,
  reference_version: z.string().nullable(),
  files: z.array(IngestFile),
  snapshot: Snapshot,
});
export type IngestResult = z.infer<typeof IngestResult>;
