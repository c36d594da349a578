import { currentVersion, type DateDocument, type FileDocument } from '@music-etl/contracts';

/** Date → file id → accepted rows of the file's current version. */
export type RowsByDate = ReadonlyMap<string, ReadonlyMap<string, number>>;

/** Counts the rows of current versions by date and file. */
export const rowsByDate = (files: readonly FileDocument[]): RowsByDate => {
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

/** Lists the dates of the range that are published or have rows, in order. */
export const datesToCompute = (
  { from, to }: { from: string; to: string },
  published: readonly DateDocument[],
  rows: RowsByDate,
): string[] => {
  const dates = new Set([...published.map(({ date }) => date), ...rows.keys()]);
  return [...dates].filter((date) => date >= from && date <= to).sort();
};

/**
 * Cuts a list into chunks of at most `size` items.
 * @example chunksOf([1, 2, 3], 2) // [[1, 2], [3]]
 */
export const chunksOf = <T>(items: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));

/** `2018-11-01 … 2018-11-07`, or one date */
export const spanWords = (dates: readonly string[]): string => {
  const [first, last] = [dates[0] ?? 'no date', dates.at(-1) ?? ''];
  return dates.length > 1 ? `${first} … ${last}` : first;
};
