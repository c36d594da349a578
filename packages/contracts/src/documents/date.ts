import { z } from 'zod';
import { Count, EventDate, FileId, Instant, Ordinal, RunId } from '../primitives.ts';

/** accepted = counted + skipped + duplicate. */
export const DateLedger = z.object({ accepted: Count, counted: Count, skipped: Count, duplicate: Count });
export type DateLedger = z.infer<typeof DateLedger>;

/** The Parquet object of a metric and how many items it holds. */
export const KpiObject = z.object({ key: z.string(), items: Count });
export type KpiObject = z.infer<typeof KpiObject>;

/** `processed/dates/<date>.json`: the published KPIs of a date. The highest generation wins. */
export const DateDocument = z.object({
  schema_version: z.literal(1),
  date: EventDate,
  generation: Ordinal,
  run_id: RunId,
  reference_version: z.string(),
  computed_at: Instant,
  ledger: DateLedger,
  /** Ids of the files with accepted rows on the date; the bucket's lifecycle removes them from validated/ in time. */
  files: z.array(FileId).default([]),
  /** By metric; a metric without items is absent. */
  objects: z.record(z.string(), KpiObject),
});
export type DateDocument = z.infer<typeof DateDocument>;
