import {
  contentVersion,
  type FileDocument,
  type FileState,
  type FileVersion,
  STREAMS_PREFIX,
} from '@music-etl/contracts';
import { isDate } from '../shared/dates.ts';
import { UserError } from '../shared/errors.ts';
import { listedVersions } from '../shared/versions.ts';

/** Why a row is rejected, in the order in which a row is validated. */
export const ROW_REASONS = [
  'malformed_row',
  'missing_field',
  'bad_timestamp',
  'timestamp_out_of_range',
  'bad_number',
  'unknown_user',
  'unknown_track',
] as const;

/** Which quarantined rows: of one reason, one file, files that arrived on one day (UTC); null is all. */
export interface QuarantineFilter {
  reason: string | null;
  file: string | null;
  date: string | null;
}

/** The quarantined rows of one file version. */
export interface QuarantinedFile {
  key: string;
  /** Which content of the file, as the export counts. */
  version: number;
  /** Which validation of the file: counts corrections and replays alike. */
  validation: number;
  /** Why its rows were reprocessed; null where they were validated once. */
  reprocessed: { why: string; cause: string; requested_by: string; requested_at: string } | null;
  state: FileState;
  arrived_at: string;
  /** Of the reasons asked for. */
  rows: number;
  by_reason: Record<string, number>;
  quarantine_key: string;
}

/** @throws UserError for a reason or a day that there cannot be */
export const parseFilter = (options: { reason?: string; file?: string; date?: string }): QuarantineFilter => {
  const { reason = null, file = null, date = null } = options;
  if (reason !== null && !ROW_REASONS.some((known) => known === reason)) {
    throw new UserError(`--reason ${reason}: not a reason`, `the reasons are ${ROW_REASONS.join(', ')}`);
  }
  if (date !== null && !isDate(date)) {
    throw new UserError(`--date ${date}: not a date`, 'give it as YYYY-MM-DD, for example 2018-11-15');
  }
  return { reason, file, date };
};

/** How many rows to show. @throws UserError for anything but a number from 1 up */
export const parseLimit = (text: string): number => {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new UserError(`--limit ${text}: not a number of rows`, 'give a number from 1 up');
};

/** A file is named by its key, or by what follows `streams/` in it. */
export const keysMeant = (name: string): string[] => [name, STREAMS_PREFIX + name];

const reprocessed = ({ replay }: FileVersion): QuarantinedFile['reprocessed'] => {
  if (replay === null) return null;
  const { why, cause, requested_by, requested_at } = replay;
  return { why, cause, requested_by, requested_at };
};

/** What is quarantined of a file: of the standing version, and of a newer held one. */
export const quarantinedVersions = (file: FileDocument, { reason, date }: QuarantineFilter): QuarantinedFile[] =>
  listedVersions(file).flatMap((version) => {
    const { state, arrived_at, ledger, quarantine_key } = version;
    if (!ledger || quarantine_key === null || state === 'rejected') return [];
    if (date !== null && !arrived_at.startsWith(date)) return [];
    const wanted = Object.entries(ledger.quarantined).filter(([code, n]) => n > 0 && (reason ?? code) === code);
    const rows = wanted.reduce((sum, [, n]) => sum + n, 0);
    if (rows === 0) return [];
    return [
      {
        key: file.key,
        version: contentVersion(version),
        validation: version.version,
        reprocessed: reprocessed(version),
        state,
        arrived_at,
        rows,
        by_reason: Object.fromEntries(wanted),
        quarantine_key,
      },
    ];
  });

export const byValidation = (a: QuarantinedFile, b: QuarantinedFile): number => a.validation - b.validation;
