import { STREAM_COLUMNS } from '@music-etl/contracts';

/** What a file holds. It is detected by content, never by name. */
export type Kind = 'stream' | 'songs' | 'users';

/** Columns that only songs, or only users, have. */
const OF_SONGS = ['duration_ms', 'track_genre'];
const OF_USERS = ['user_name', 'user_age', 'user_country', 'created_at'];

const streamColumns = STREAM_COLUMNS.map(({ name, aliases, required }) => ({
  names: [name, ...aliases.map((alias) => alias.name)],
  required,
}));
const streamNames = streamColumns.flatMap(({ names }) => names);

/** All names by which a file is detected. */
export const KNOWN_NAMES: readonly string[] = [...new Set([...streamNames, ...OF_SONGS, ...OF_USERS])];

/**
 * Detects what a file with these columns holds; null where it has no known ones. Two of a stream's required columns
 * are enough: the pipeline says which one is missing.
 */
export const detectKind = (columns: readonly string[]): Kind | null => {
  const has = (names: readonly string[]): boolean => names.some((name) => columns.includes(name));
  if (streamColumns.filter(({ names, required }) => required && has(names)).length >= 2) return 'stream';
  if (has(['track_id']) && has(OF_SONGS)) return 'songs';
  return has(['user_id']) && has(OF_USERS) ? 'users' : null;
};

/** Lists the columns that the pipeline ignores; only a stream's, since reference files have many of them by custom. */
export const ignoredColumns = (kind: Kind, columns: readonly string[]): string[] =>
  kind === 'stream' ? columns.filter((name) => name !== '' && !streamNames.includes(name)) : [];

/** `user_id, track_id (or song_id), …`: the columns of a stream; required or optional ones. */
export const streamColumnWords = (required: boolean): string =>
  streamColumns
    .filter((column) => column.required === required)
    .map(({ names: [name, ...aliases] }) => name + (aliases.length > 0 ? ` (or ${aliases.join(', ')})` : ''))
    .join(', ');
