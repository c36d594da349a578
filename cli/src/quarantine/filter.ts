import { ROW_REASONS } from '@music-etl/contracts';
import { isDate } from '../shared/dates.ts';
import { UserError } from '../shared/errors.ts';

/** The filter options of a command, as typed. */
export interface FilterOptions {
  reason?: string;
  file?: string;
  date?: string;
}

/** Selects quarantined rows; null selects all. */
export interface QuarantineFilter {
  reason: string | null;
  /** A file's key, or its name below streams/. */
  file: string | null;
  /** The day (UTC) on which the file arrived. */
  date: string | null;
}

/**
 * Parses the filter options.
 * @throws UserError for an unknown reason or an impossible date
 */
export const parseFilter = ({ reason, file, date }: FilterOptions): QuarantineFilter => {
  if (reason !== undefined && !ROW_REASONS.some((known) => known === reason)) {
    throw new UserError(`--reason ${reason}: not a reason`, `the reasons are ${ROW_REASONS.join(', ')}`);
  }
  if (date !== undefined && !isDate(date)) {
    throw new UserError(`--date ${date}: not a date`, 'give it as YYYY-MM-DD, for example 2018-11-15');
  }
  return { reason: reason ?? null, file: file ?? null, date: date ?? null };
};

/** How many rows a person is shown unless they choose. */
export const SHOWN_ROWS = 20;

/**
 * Parses how many rows to show. Without a number, JSON has all, since a program reads it.
 * @throws UserError for anything but a number from 1 up
 */
export const parseLimit = (text: string | undefined, json = false): number => {
  if (text === undefined) return json ? Number.POSITIVE_INFINITY : SHOWN_ROWS;
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new UserError(`--limit ${text}: not a number of rows`, 'give a number from 1 up');
};
