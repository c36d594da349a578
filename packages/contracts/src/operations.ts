import { z } from 'zod';
import { EventDate, FileId, Instant, RunId } from './documents.ts';

/** What a person asks of the past, and what is noted of it: backfills, the change log, erasures. */

const count = z.int().nonnegative();

/** `processed/backfills/<id>.json`: dates that a person wants computed again, in runs of a few dates each. */
export const BackfillDocument = z.object({
  schema_version: z.literal(1),
  backfill_id: RunId,
  from: EventDate,
  to: EventDate,
  why: z.string(),
  requested_by: z.string(),
  created_at: Instant,
  reference_version: z.string(),
  /** How many of its runs may be under way at once. */
  concurrency: z.int().positive(),
  runs: z.array(z.object({ run_id: RunId, dates: z.array(EventDate) })),
  completed_at: Instant.nullable(),
});
export type BackfillDocument = z.infer<typeof BackfillDocument>;

/** First line of `processed/changes/<date>/<generation>.jsonl.gz`: what made published numbers of a past date change. */
export const ChangeHead = z.object({
  kind: z.literal('head'),
  schema_version: z.literal(1),
  date: EventDate,
  run_id: RunId,
  generation: z.int().positive(),
  previous_generation: z.int().positive(),
  reference_version: z.string(),
  previous_reference_version: z.string(),
  recorded_at: Instant,
  /** The run's file versions that have, or had, rows in reach of the date. */
  files: z.array(
    z.object({ file_id: FileId, key: z.string(), version: z.int().positive(), why: z.string().nullable() }),
  ),
  changes: count,
});
export type ChangeHead = z.infer<typeof ChangeHead>;

/** Every further line: one item whose fields changed. `old` is null for an item that is new, `new` for one that vanished. */
export const Change = z.object({
  kind: z.literal('change'),
  metric: z.string(),
  date: EventDate,
  /** The metric's key (genre, user_id, …), null for metrics without one. */
  dimension: z.string().nullable(),
  /** The item's sort key: the date, or the hour of an hourly metric. */
  period: z.string(),
  /** The fields that differ. */
  old: z.record(z.string(), z.unknown()).nullable(),
  new: z.record(z.string(), z.unknown()).nullable(),
});
export type Change = z.infer<typeof Change>;

/** `processed/erasures/<id>/request.json`: whose listens are to go. Deleted for good with the erasure's end. */
export const ErasureRequest = z.object({
  schema_version: z.literal(1),
  erasure_id: RunId,
  user_id: z.string(),
  requested_by: z.string(),
  requested_at: Instant,
});
export type ErasureRequest = z.infer<typeof ErasureRequest>;

/** `processed/erasures/<id>/<phase>.json`: what a phase of an erasure did. Names the user by a digest only. */
export const ErasureResult = z.object({
  schema_version: z.literal(1),
  erasure_id: RunId,
  /** SHA-256 of the user id, hex. */
  user_digest: z.string(),
  phase: z.enum(['find', 'rewrite', 'purge']),
  committed_at: Instant,
  files: z.array(
    z.object({
      file_id: FileId,
      key: z.string(),
      version: z.int().positive(),
      /** Rows of the user in the raw file. */
      rows: count,
      /** Whether a replay of the rewritten file was asked for; null where none is needed (nothing of it stands). */
      replay: z.string().nullable(),
    }),
  ),
  dates: z.array(EventDate),
  /** Prefix → how many object versions were deleted or rewritten under it. */
  objects: z.record(z.string(), count),
});
export type ErasureResult = z.infer<typeof ErasureResult>;
