import type { BackfillDocument, DateDocument, FileDocument } from '@music-etl/contracts';
import { parseRange } from '../shared/dates.ts';
import { UserError } from '../shared/errors.ts';
import { currentVersion } from '../shared/versions.ts';

/** What a person asked for. `concurrency` null: as the document of an unfinished one says, else the usual. */
export interface BackfillRequest {
  from: string;
  to: string;
  why: string | null;
  concurrency: number | null;
  datesPerRun: number;
  suffix: string;
}

export const USUAL_CONCURRENCY = 2;
const MOST = 366;

/** @throws UserError for anything but a whole number from 1 up */
const wholeNumber = (option: string, text: string): number => {
  const n = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (n >= 1 && n <= MOST) return n;
  throw new UserError(`${option} ${text}: not a number`, `give a whole number from 1 to ${MOST}`);
};

/** @throws UserError for dates and numbers that cannot be */
export const parseBackfill = (options: {
  from: string;
  to: string;
  why?: string;
  concurrency?: string;
  datesPerRun: string;
  suffix: string;
}): BackfillRequest => {
  parseRange(options.from, options.to);
  return {
    from: options.from,
    to: options.to,
    why: options.why ?? null,
    concurrency: options.concurrency === undefined ? null : wholeNumber('--concurrency', options.concurrency),
    datesPerRun: wholeNumber('--dates-per-run', options.datesPerRun),
    suffix: options.suffix,
  };
};

/** Rows that stand, by date and file. */
export const effectiveRows = (files: readonly FileDocument[]): Map<string, Map<string, number>> => {
  const rows = new Map<string, Map<string, number>>();
  for (const file of files) {
    for (const [date, n] of Object.entries(currentVersion(file)?.dates ?? {})) {
      if (n === 0) continue;
      const ofDate = rows.get(date) ?? new Map<string, number>();
      rows.set(date, ofDate.set(file.file_id, n));
    }
  }
  return rows;
};

/** Dates of the range that are published, or have rows that stand, in order. */
export const datesWithRows = (
  { from, to }: { from: string; to: string },
  published: readonly DateDocument[],
  files: readonly FileDocument[],
): string[] => {
  const dates = new Set([...published.map(({ date }) => date), ...effectiveRows(files).keys()]);
  return [...dates].filter((date) => date >= from && date <= to).sort();
};

/** @example chunksOf([1, 2, 3], 2) // [[1, 2], [3]] */
export const chunksOf = <T>(items: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));

/** The command that goes on with a backfill. */
export const backfillCommand = ({ from, to }: Pick<BackfillDocument, 'from' | 'to'>, suffix: string): string =>
  `npx music-etl backfill --from ${from} --to ${to}${suffix ? ` --suffix=${suffix}` : ''}`;

/** The unfinished backfill of the same dates by the same snapshot, the newest where there are several. */
export const unfinished = (
  documents: readonly BackfillDocument[],
  { from, to }: { from: string; to: string },
  referenceVersion: string,
): BackfillDocument | null =>
  documents
    .filter(
      (document) =>
        document.completed_at === null &&
        document.from === from &&
        document.to === to &&
        document.reference_version === referenceVersion,
    )
    .sort((a, b) => (a.backfill_id < b.backfill_id ? 1 : -1))[0] ?? null;

/** Other unfinished backfills that share dates with this one. */
export const overlapping = (documents: readonly BackfillDocument[], own: BackfillDocument): BackfillDocument[] => {
  const dates = new Set(own.runs.flatMap((run) => run.dates));
  return documents.filter(
    (other) =>
      other.backfill_id !== own.backfill_id &&
      other.completed_at === null &&
      other.runs.some((run) => run.dates.some((date) => dates.has(date))),
  );
};
