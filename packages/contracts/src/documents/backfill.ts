import { z } from 'zod';
import { EventDate, Instant, Ordinal, RunId } from '../primitives.ts';

/** `processed/backfills/<id>.json`: dates that a person wants recomputed, in runs of a few dates each. */
export const BackfillDocument = z.object({
  schema_version: z.literal(1),
  backfill_id: RunId,
  from: EventDate,
  to: EventDate,
  why: z.string(),
  requested_by: z.string(),
  created_at: Instant,
  reference_version: z.string(),
  /** How many of its runs may be active at once. */
  concurrency: Ordinal,
  runs: z.array(z.object({ run_id: RunId, dates: z.array(EventDate) })),
  completed_at: Instant.nullable(),
});
export type BackfillDocument = z.infer<typeof BackfillDocument>;
