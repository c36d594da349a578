import { z } from 'zod';
import { Count, EventDate, Ordinal } from '../primitives.ts';
import { resultHead } from './head.ts';

export const LoadDate = z.object({
  date: EventDate,
  generation: Ordinal,
  written: Count,
  removed: Count,
  superseded: Count,
});

export const LoadResult = z.object({ ...resultHead, dates: z.array(LoadDate) });
export type LoadResult = z.infer<typeof LoadResult>;
