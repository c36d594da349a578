import { z } from 'zod';
import { Count, EventDate, FileId, Instant, Ordinal, RunId } from '../primitives.ts';

/** A file version of the run that has, or had, rows in reach of the date. */
export const ChangeFile = z.object({ file_id: FileId, key: z.string(), version: Ordinal, why: z.string().nullable() });

/** First line of `processed/changes/<date>/<generation>.jsonl.gz`: why published numbers of a past date changed. */
export const ChangeHead = z.object({
  kind: z.literal('head'),
  schema_version: z.literal(1),
  date: EventDate,
  run_id: RunId,
  generation: Ordinal,
  previous_generation: Ordinal,
  reference_version: z.string(),
  previous_reference_version: z.string(),
  recorded_at: Instant,
  files: z.array(ChangeFile),
  changes: Count,
});
export type ChangeHead = z.infer<typeof ChangeHead>;

/** Every further line: one item whose fields changed. `old` is null for a new item, `new` for one that vanished. */
export const Change = z.object({
  kind: z.literal('change'),
  metric: z.string(),
  date: EventDate,
  /** The metric's key (genre, user_id, …), null for metrics without one. */
  dimension: z.string().nullable(),
  /** The item's sort key: the date, or the hour of an hourly metric. */
  period: z.string(),
  /** The fields that differ. */
  old: z.record(z.string(), z.unknown()).nullable(),
  new: z.record(z.string(), z.unknown()).nullable(),
});
export type Change = z.infer<typeof Change>;
