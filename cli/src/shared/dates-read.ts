import { addDays } from './dates.ts';

/** trending_24h compares 24 hours with the 24 hours before them, so it reaches back two dates. */
const DATES_BEFORE = 2;

/** Lists the dates whose rows a run of kpi reads for one date, that date first. */
export const datesRead = (date: string): string[] =>
  Array.from({ length: DATES_BEFORE + 1 }, (_, back) => addDays(date, -back));
