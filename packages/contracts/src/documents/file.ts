import { z } from 'zod';
import { Count, EventDate, FileId, Instant, Ordinal, RunId } from '../primitives.ts';

/** Why a file was rejected or put on hold: a stable code, and what a person needs to know. */
export const Reason = z.object({ code: z.string(), detail: z.string() });
export type Reason = z.infer<typeof Reason>;

/** read = accepted + duplicate + the sum of quarantined. */
export const FileLedger = z.object({
  read: Count,
  accepted: Count,
  /** Reason → rows. */
  quarantined: z.record(z.string(), Count),
  duplicate: Count,
});
export type FileLedger = z.infer<typeof FileLedger>;

/**
 * pending: known, in no run yet · running: in run `run_id` · waiting: there is no reference data yet ·
 * rejected: unreadable as a whole, or rejected by a person · held: on hold, too many rows are quarantined ·
 * validated: its rows count · archived: its rows count and its raw object is in the archive ·
 * superseded: a later version was validated first.
 */
export const FileState = z.enum([
  'pending',
  'running',
  'waiting',
  'rejected',
  'held',
  'validated',
  'archived',
  'superseded',
]);
export type FileState = z.infer<typeof FileState>;

/**
 * Why a version is reprocessed although its content is the same: newer reference data, row patches, the release of a
 * file on hold, an erasure. Until the replay is validated, the current version stays.
 */
export const Replay = z.object({
  /** The version that is reprocessed. */
  of: Ordinal,
  /** What requested it, see `replay-cause.ts`. */
  cause: z.string(),
  why: z.string(),
  requested_by: z.string(),
  requested_at: Instant,
  /** The rows count whatever share is quarantined: a person released the file, or its rows counted before. */
  accept: z.boolean(),
  /** An object of row patches (JSON lines: row, set), null without. */
  patches_key: z.string().nullable(),
});
export type Replay = z.infer<typeof Replay>;

/** One version of a file. `current-version.ts` says which one counts. */
export const FileVersion = z.object({
  /** 1, 2, … in the order in which versions were registered. */
  version: Ordinal,
  /** Which content of the key it is, 1, 2, … in the order of S3's sequencer; null: the same number as `version`. */
  content_version: Ordinal.nullable().default(null),
  /** null for what arrived. A replay has the version id, ETag and size of the version that it reprocesses. */
  replay: Replay.nullable().default(null),
  version_id: z.string(),
  etag: z.string(),
  sequencer: z.string(),
  size: Count,
  arrived_at: Instant,
  state: FileState,
  run_id: RunId.nullable(),
  /** When `run_id` claimed the version. A run that was never created loses it again. */
  claimed_at: Instant.nullable(),
  /** S3 version ids that repeated this content: recorded, skipped, removed together with it. */
  repeats: z.array(z.string()),
  reason: Reason.nullable(),
  ledger: FileLedger.nullable(),
  /** Accepted rows per date, written by validate; empty until then. */
  dates: z.record(EventDate, Count),
  /** `dates` and those of the versions that this one replaced: what kpi has to recompute. */
  touched_dates: z.array(EventDate),
  /** `<run id>-<attempt>`: names the validated objects of this version. */
  committed_by: z.string().nullable(),
  /** Event ids that name several different accepted rows of the file (kpis.md, 4). */
  reused_event_ids: Count.default(0),
  quarantine_key: z.string().nullable(),
  archived_to: z.string().nullable(),
  /** The snapshots its rows were validated with, oldest first: one, and for a replay those of its predecessors too. */
  reference_versions: z.array(z.string()).default([]),
});
export type FileVersion = z.infer<typeof FileVersion>;

/** `processed/files/<file id>.json`: the source of truth about a file. Versions are in the order of their numbers. */
export const FileDocument = z.object({
  schema_version: z.literal(1),
  file_id: FileId,
  key: z.string(),
  versions: z.array(FileVersion),
});
export type FileDocument = z.infer<typeof FileDocument>;
