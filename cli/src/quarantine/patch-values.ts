import { STREAM_COLUMNS } from '@music-etl/contracts';

/** Columns that a patch may set; an alias in another unit is one of them. */
export const PATCH_COLUMNS = STREAM_COLUMNS.flatMap(({ name, aliases }) => [
  name,
  ...aliases.flatMap((alias) => (alias.unit === null ? [] : [alias.name])),
]);

/** Other names that a file may use for these columns. */
const ALIASES = new Map(
  STREAM_COLUMNS.flatMap(({ name, aliases }) =>
    aliases.flatMap((alias) => (alias.unit === null ? [[alias.name, name] as const] : [])),
  ),
);

const unknownColumn = (column: string): string => {
  const name = ALIASES.get(column.toLowerCase());
  return `${column}: not a column; ${name ? `write ${name}` : `the columns are ${PATCH_COLUMNS.join(', ')}`}`;
};

/** Says what is wrong with a column's new value; null if nothing is. */
export const columnProblem = (column: string, value: unknown): string | null => {
  if (!PATCH_COLUMNS.includes(column)) return unknownColumn(column);
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return null;
  // A larger number has lost digits in JSON.parse.
  if (typeof value === 'number') {
    return Number.isSafeInteger(value) ? null : `${column}: write ${value} as text, in quotes`;
  }
  return `${column}: not a plain value: ${JSON.stringify(value)}`;
};

/** Returns a new value as the text of a file; null becomes empty text, which takes the value away. */
export const valueText = (value: unknown): string => (value === null ? '' : String(value));
