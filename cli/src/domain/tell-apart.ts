/** Tells stream, songs and users files apart by what is in them, never by their name. */
export type Kind = 'stream' | 'songs' | 'users';

const GZIP = Buffer.from([0x1f, 0x8b]);
const ZSTD = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);
const PARQUET = Buffer.from('PAR1');
const NAMES = [
  'user_id',
  'track_id',
  'song_id',
  'listen_time',
  'timestamp',
  'duration_ms',
  'track_genre',
  'user_name',
  'user_age',
  'user_country',
  'created_at',
];

const startsWith = (bytes: Buffer, magic: Buffer): boolean => bytes.subarray(0, magic.length).equals(magic);

export const compressionOf = (head: Buffer): 'gzip' | 'zstd' | 'none' => {
  if (startsWith(head, GZIP)) return 'gzip';
  return startsWith(head, ZSTD) ? 'zstd' : 'none';
};

export const isParquet = (head: Buffer): boolean => startsWith(head, PARQUET);

const csvFields = (line: string): string[] =>
  [...line.matchAll(/"((?:[^"]|"")*)"|[^,]+/g)].map(([whole, quoted]) => (quoted ?? whole).replaceAll('""', '"'));

const jsonKeys = (line: string): string[] | null => {
  try {
    const value: unknown = JSON.parse(line);
    return value !== null && typeof value === 'object' && !Array.isArray(value) ? Object.keys(value) : [];
  } catch {
    return null;
  }
};

/** Column names of a text file, from its first lines; several lines of JSON, as one may leave out what is null. */
export const textColumns = (head: string): string[] => {
  const lines = head
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/)
    .filter((line) => line.trim() !== '');
  const first = lines[0]?.trim() ?? '';
  const names = first.startsWith('{') ? lines.slice(0, 100).flatMap((line) => jsonKeys(line) ?? []) : csvFields(first);
  return [...new Set(names.map((name) => name.trim().toLowerCase()))];
};

/** Known column names in a Parquet footer, where Thrift writes a name as its length and its bytes. */
export const parquetColumns = (footer: Buffer): string[] => {
  const lower = Buffer.from(footer.toString('latin1').toLowerCase(), 'latin1');
  return NAMES.filter((name) => lower.includes(Buffer.concat([Buffer.from([name.length]), Buffer.from(name)])));
};

/**
 * What a file with these columns is; null where they are nothing known. A stream that lacks a column is a stream all
 * the same: the pipeline says what is wrong with it.
 */
export const kindOf = (columns: readonly string[]): Kind | null => {
  const has = (...names: string[]): boolean => names.some((name) => columns.includes(name));
  const track = has('track_id', 'song_id');
  const time = has('listen_time', 'timestamp');
  if (time && (track || has('user_id'))) return 'stream';
  if (track && has('user_id')) return 'stream';
  if (has('track_id') && has('duration_ms', 'track_genre')) return 'songs';
  return has('user_id') && has('user_name', 'user_age', 'user_country', 'created_at') ? 'users' : null;
};
