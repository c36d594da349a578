import { z } from 'zod';
import { Count, EventDate, FileId, Instant, Ordinal, RunId } from '../primitives.ts';

/** `processed/erasures/<id>/request.json`: whose listens are to be erased. Deleted for good when the erasure ends. */
export const ErasureRequest = z.object({
  schema_version: z.literal(1),
  erasure_id: RunId,
  user_id: z.string(),
  requested_by: z.string(),
  requested_at: Instant,
});
export type ErasureRequest = z.infer<typeof ErasureRequest>;

export const ErasurePhase = z.enum(['find', 'rewrite', 'purge']);

export const ErasedFile = z.object({
  file_id: FileId,
  key: z.string(),
  version: Ordinal,
  /** Rows of the user in the raw file. */
  rows: Count,
  /** The marker that requests a replay of the rewritten file; null where none of its rows count. */
  replay: z.string().nullable(),
});

/** `processed/erasures/<id>/<phase>.json`: what a phase of an erasure did. Names the user by a digest only. */
export const ErasureResult = z.object({
  schema_version: z.literal(1),
  erasure_id: RunId,
  /** SHA-256 of the user id, hex. */
  user_digest: z.string(),
  phase: ErasurePhase,
  committed_at: Instant,
  files: z.array(ErasedFile),
  dates: z.array(EventDate),
  /** Prefix → how many object versions were deleted or rewritten under it. */
  objects: z.record(z.string(), Count),
});
export type ErasureResult = z.infer<typeof ErasureResult>;
