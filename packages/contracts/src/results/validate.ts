import { z } from 'zod';
import { FileLedger } from '../documents/file.ts';
import { Count, EventDate } from '../primitives.ts';
import { fileOfRun, resultHead } from './head.ts';

export const ValidateFile = z.object({
  ...fileOfRun,
  outcome: z.enum(['validated', 'held', 'superseded', 'skipped']),
  ledger: FileLedger.nullable(),
  /** Accepted rows per date. */
  dates: z.record(EventDate, Count),
  /** Event ids that name several different accepted rows. */
  reused_event_ids: Count.default(0),
  quarantine_key: z.string().nullable(),
});

export const ValidateResult = z.object({
  ...resultHead,
  reference_version: z.string(),
  files: z.array(ValidateFile),
  touched_dates: z.array(EventDate),
});
export type ValidateResult = z.infer<typeof ValidateResult>;
