/** Columns that a patch may set. */
export const PATCH_COLUMNS = [
  'user_id',
  'track_id',
  'listen_time',
  'event_id',
  'ms_played',
  'duration',
  'completed',
  'device_type',
] as const;

/** Names that a file may use for these columns. */
const ALIASES: Record<string, string> = { song_id: 'track_id', timestamp: 'listen_time', stream_id: 'event_id' };

const unknownColumn = (column: string): string => {
  const name = ALIASES[column.toLowerCase()];
  return `${column}: not a column; ${name ? `write ${name}` : `the columns are ${PATCH_COLUMNS.join(', ')}`}`;
};

/** Says what is wrong with a column's new value; null if nothing is. */
export const columnProblem = (column: string, value: unknown): string | null => {
  if (!PATCH_COLUMNS.some((known) => known === column)) return unknownColumn(column);
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return null;
  // A larger number has lost digits in JSON.parse.
  if (typeof value === 'number') {
    return Number.isSafeInteger(value) ? null : `${column}: write ${value} as text, in quotes`;
  }
  return `${column}: not a plain value: ${JSON.stringify(value)}`;
};

/** Returns a new value as the text of a file; null becomes empty text, which takes the value away. */
export const valueText = (value: unknown): string => (value === null ? '' : String(value));
