import { z } from 'zod';
import { Count, Instant, RunId } from '../primitives.ts';
import { Reason } from './file.ts';

/** A reference file that is part of a snapshot. */
export const ReferenceSource = z.object({ key: z.string(), version_id: z.string(), etag: z.string() });

/** A reference file that could not be used. */
export const BrokenReference = z.object({ key: z.string(), version_id: z.string(), reason: Reason });

/** `processed/reference.json`: the snapshot that new runs pin (null before the first), and broken files. */
export const ReferenceDocument = z.object({
  schema_version: z.literal(1),
  reference_version: z.string().nullable(),
  tracks_key: z.string().nullable(),
  users_key: z.string().nullable(),
  created_at: Instant.nullable(),
  run_id: RunId.nullable(),
  sources: z.array(ReferenceSource),
  tracks: Count,
  users: Count,
  /** Reason → rows. */
  skipped_rows: z.record(z.string(), Count),
  broken: z.array(BrokenReference),
});
export type ReferenceDocument = z.infer<typeof ReferenceDocument>;
