import { z } from 'zod';
import { FileId, Instant, Ordinal, RunId } from '../primitives.ts';

/** How every job's result begins. It is written once per run and stage, with If-None-Match: the job's one commit. */
export const resultHead = { schema_version: z.literal(1), run_id: RunId, attempt: Ordinal, committed_at: Instant };

/** How every entry of a file in a result begins. */
export const fileOfRun = { file_id: FileId, key: z.string(), version: Ordinal };
