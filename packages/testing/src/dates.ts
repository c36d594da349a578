import type { DateDocument } from '@music-etl/contracts';
import { RUN } from './moments.ts';

/** Builds the document of a date whose KPIs are published. */
export const aDate = (date: string, changes: Partial<DateDocument> = {}): DateDocument => ({
  schema_version: 1,
  date,
  generation: 3,
  run_id: RUN,
  reference_version: 'r1',
  computed_at: '2026-11-23T10:05:10.000Z',
  ledger: { accepted: 7, counted: 6, skipped: 1, duplicate: 0 },
  files: [],
  objects: {},
  ...changes,
});
