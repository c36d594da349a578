import type { BackfillDocument } from '@music-etl/contracts';
import { parseRange } from '../shared/dates.ts';
import { UserError } from '../shared/errors.ts';

/** The options of `backfill`, as typed. */
export interface BackfillOptions {
  from: string;
  to: string;
  why?: string;
  concurrency?: string;
  datesPerRun: string;
  suffix: string;
}

/** A requested backfill. */
export interface BackfillRequest {
  from: string;
  to: string;
  why: string | null;
  /** null: that of an unfinished backfill, else the default. */
  concurrency: number | null;
  datesPerRun: number;
  suffix: string;
}

export const DEFAULT_CONCURRENCY = 2;
export const DEFAULT_DATES_PER_RUN = 7;
const MOST = 366;

const parseNumber = (option: string, text: string): number => {
  const n = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (n >= 1 && n <= MOST) return n;
  throw new UserError(`${option} ${text}: not a number`, `give a whole number from 1 to ${MOST}`);
};

/**
 * Parses the options of a backfill.
 * @throws UserError for impossible dates and numbers
 */
export const parseBackfill = ({ from, to, why, concurrency, ...rest }: BackfillOptions): BackfillRequest => {
  parseRange(from, to);
  return {
    from,
    to,
    why: why ?? null,
    concurrency: concurrency === undefined ? null : parseNumber('--concurrency', concurrency),
    datesPerRun: parseNumber('--dates-per-run', rest.datesPerRun),
    suffix: rest.suffix,
  };
};

/** Names the command that resumes a backfill. */
export const backfillCommand = ({ from, to }: Pick<BackfillDocument, 'from' | 'to'>, suffix: string): string =>
  `npx music-etl backfill --from ${from} --to ${to}${suffix ? ` --suffix=${suffix}` : ''}`;
