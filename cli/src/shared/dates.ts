import { UserError } from './errors.ts';

const DAY_MS = 86_400_000;

/** Returns true for a date of the calendar, `YYYY-MM-DD`. */
export const isDate = (text: string): boolean => {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
};

/** Returns the date `days` after another one; before it where `days` is negative. */
export const addDays = (date: string, days: number): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);

/** First and last date, both included; null leaves an end open. */
export interface DateRange {
  from: string | null;
  to: string | null;
}

/** Parses --from and --to. @throws UserError for what is no date, and for an end before the beginning */
export const parseRange = (from: string | undefined, to: string | undefined): DateRange => {
  for (const [option, text] of [
    ['--from', from],
    ['--to', to],
  ] as const) {
    if (text !== undefined && !isDate(text)) {
      throw new UserError(`${option} ${text}: not a date`, 'give it as YYYY-MM-DD, for example 2018-11-15');
    }
  }
  if (from && to && from > to) throw new UserError(`--from ${from} is later than --to ${to}`, 'exchange the two');
  return { from: from ?? null, to: to ?? null };
};

/** Returns the first and last sort key of a range. The hours of a date D lie in (D 00:00, D+1 00:00]. */
export const periodsOf = (range: DateRange, period: 'date' | 'as_of'): { from: string; to: string } => {
  if (period === 'date') return { from: range.from ?? '0000', to: range.to ?? '9999-99-99' };
  return {
    from: range.from ? `${range.from}T00:00:01Z` : '0000',
    to: range.to ? `${addDays(range.to, 1)}T00:00:00Z` : '9999-99-99',
  };
};
