import { z } from 'zod';
import { FileId } from '../primitives.ts';
import { Replay } from './file.ts';

/** `processed/pending/*.json`, `processed/waiting/*.json`: a file version in no run yet, or a new reference file. */
export const ArrivalMarker = z.object({
  schema_version: z.literal(1),
  kind: z.enum(['stream', 'reference']),
  key: z.string(),
  file_id: FileId,
  version_id: z.string(),
});
export type ArrivalMarker = z.infer<typeof ArrivalMarker>;

/** `processed/replays/*.json`: a version is to be reprocessed. Idempotent by file, version and cause. */
export const ReplayMarker = z.object({
  schema_version: z.literal(1),
  file_id: FileId,
  key: z.string(),
  replay: Replay,
});
export type ReplayMarker = z.infer<typeof ReplayMarker>;

/** `processed/unknown/<file id>.json`: the file has rows of users or tracks that its snapshot does not have. */
export const UnknownMarker = z.object({ schema_version: z.literal(1), file_id: FileId, key: z.string() });
export type UnknownMarker = z.infer<typeof UnknownMarker>;
