import { z } from 'zod';
import { DateLedger } from '../documents/date.ts';
import { Count, EventDate } from '../primitives.ts';
import { resultHead } from './head.ts';

export const KpiDate = z.object({
  date: EventDate,
  ledger: DateLedger,
  /** Metric → items. */
  items: z.record(z.string(), Count),
  /** false: a newer generation had published this date already. */
  published: z.boolean(),
});

export const KpiResult = z.object({
  ...resultHead,
  reference_version: z.string(),
  generation: Count,
  dates: z.array(KpiDate),
});
export type KpiResult = z.infer<typeof KpiResult>;
