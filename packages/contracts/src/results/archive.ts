import { z } from 'zod';
import { Count } from '../primitives.ts';
import { fileOfRun, resultHead } from './head.ts';

export const ArchiveFile = z.object({
  ...fileOfRun,
  version_id: z.string(),
  archived_to: z.string(),
  bytes: Count,
  deleted: z.boolean(),
});

export const ArchiveResult = z.object({
  ...resultHead,
  archive_prefix: z.string(),
  lineage_key: z.string(),
  files: z.array(ArchiveFile),
  objects: Count,
});
export type ArchiveResult = z.infer<typeof ArchiveResult>;
