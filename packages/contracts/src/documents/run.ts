import { z } from 'zod';
import { Count, EventDate, FileId, Instant, Ordinal, RunId } from '../primitives.ts';
import { Replay } from './file.ts';

/** Where the bytes of a file are: a version of an object; null means the newest, and the archive has only that. */
export const RawObject = z.object({ key: z.string(), version_id: z.string().nullable() });
export type RawObject = z.infer<typeof RawObject>;

/** A file version as its run lists it. */
export const RunFile = z.object({
  file_id: FileId,
  key: z.string(),
  version: Ordinal,
  version_id: z.string(),
  etag: z.string(),
  size: Count,
  replay: Replay.nullable().default(null),
  /** Where a replay reads; null: `key`, version `version_id`. */
  raw: RawObject.nullable().default(null),
  /** When the version arrived or, of a replay, was requested. A date's freshness counts from here. */
  arrived_at: Instant.nullable().default(null),
});
export type RunFile = z.infer<typeof RunFile>;

/** `processed/runs/<run id>/run.json`: the batch, written once. A file belongs to the run as its document says. */
export const RunDocument = z.object({
  schema_version: z.literal(1),
  run_id: RunId,
  created_at: Instant,
  files: z.array(RunFile),
  reference_changed: z.boolean(),
  /** A backfill: the dates to recompute with the snapshot named here. Such a run has no files and begins at kpi. */
  dates: z.array(EventDate).default([]),
  reference_version: z.string().nullable().default(null),
  /** Why a person requested the run; null for what arrived. */
  why: z.string().nullable().default(null),
});
export type RunDocument = z.infer<typeof RunDocument>;
