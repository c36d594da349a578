import { DATE_REACH } from '@music-etl/contracts';
import { addDays } from './dates.ts';

/** Lists the dates whose rows a run of kpi reads for one date, that date first. */
export const datesRead = (date: string): string[] =>
  Array.from({ length: DATE_REACH + 1 }, (_, back) => addDays(date, -back));
