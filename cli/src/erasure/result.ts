import type { ErasureResult } from '@music-etl/contracts';

export type Phase = ErasureResult['phase'];

/** Returns true if a phase found nothing of the user. */
export const isEmpty = ({ files, objects }: ErasureResult): boolean =>
  files.length === 0 && Object.values(objects).every((n) => n === 0);

/** Sums the user's rows in all files. */
export const userRows = ({ files }: ErasureResult): number => files.reduce((sum, { rows }) => sum + rows, 0);

/** Counts the files that are to be reprocessed. */
export const replayCount = ({ files }: ErasureResult): number => files.filter(({ replay }) => replay !== null).length;

/**
 * Returns true if the files have to be rewritten once more: of a file's current version and its version on hold, one is
 * reprocessed at a time.
 */
export const needsAnotherRewrite = ({ files }: ErasureResult): boolean =>
  files.some(
    (file) => file.replay === null && files.some((other) => other.file_id === file.file_id && other.replay !== null),
  );

/** Adds counts of object versions, prefix by prefix. */
export const addObjects = (
  a: Readonly<Record<string, number>>,
  b: Readonly<Record<string, number>>,
): Record<string, number> => {
  const sum: Record<string, number> = { ...a };
  for (const [prefix, n] of Object.entries(b)) sum[prefix] = (sum[prefix] ?? 0) + n;
  return sum;
};
