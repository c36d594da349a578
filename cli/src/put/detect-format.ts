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

/** What a stream may have (docs/kpis.md, Inputs). */
const STREAM_COLUMNS = [
  'user_id',
  'track_id',
  'song_id',
  'listen_time',
  'timestamp',
  'event_id',
  'stream_id',
  'ms_played',
  'duration',
  'completed',
  'device_type',
];

const startsWith = (bytes: Buffer, magic: Buffer): boolean => bytes.subarray(0, magic.length).equals(magic);

export const compressionOf = (head: Buffer): 'gzip' | 'zstd' | 'none' => {
  if (startsWith(head, GZIP)) return 'gzip';
  return startsWith(head, ZSTD) ? 'zstd' : 'none';
};

export const isParquet = (head: Buffer): boolean => startsWith(head, PARQUET);

/** What is often taken for a text, by its first bytes in hex. */
const BINARY: readonly (readonly [RegExp, string])[] = [
  [/^504b0304/, 'a ZIP archive (or a spreadsheet, which is one)'],
  [/^504b0506/, 'an empty ZIP archive'],
  [/^d0cf11e0a1b11ae1/, 'an old Office file'],
  [/^25504446/, 'a PDF'],
  [/^89504e470d0a1a0a/, 'a PNG image'],
  [/^ffd8ff/, 'a JPEG image'],
  [/^425a683.314159265359/, 'packed by bzip2'],
  [/^fd377a585a00/, 'packed by xz'],
  [/^377abcaf271c/, 'a 7z archive'],
  [/^4f626a01/, 'an Avro file'],
  [/^4f5243[01]/, 'an ORC file'],
  [/^53514c69746520666f726d6174203300/, 'an SQLite database'],
  [/^(fffe|feff)/, 'text in UTF-16'],
];
const TAR_AT = 257;

/** What no text of ours holds: control characters but for tabs, line ends and the like. */
const isControl = (byte: number): boolean => byte < 0x20 && (byte < 0x08 || byte > 0x0d) && byte !== 0x1b;
const LOOKED_AT = 4096;

/**
 * What a file is that is no text, neither Parquet nor packed by gzip or zstd; null for what may be text.
 * @example binaryKind(Buffer.from('%PDF-1.7')) // 'a PDF'
 */
export const binaryKind = (head: Buffer): string | null => {
  const hex = head.subarray(0, 16).toString('hex');
  const known = BINARY.find(([magic]) => magic.test(hex));
  if (known) return known[1];
  if (head.subarray(TAR_AT, TAR_AT + 5).toString('latin1') === 'ustar') return 'a tar archive';
  return head.subarray(0, LOOKED_AT).some(isControl) ? 'binary data' : null;
};

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

/** Columns that the pipeline leaves out; reference files have many of these by custom, so only those of a stream. */
export const ignoredColumns = (kind: Kind, columns: readonly string[]): string[] =>
  kind === 'stream' ? columns.filter((name) => name !== '' && !STREAM_COLUMNS.includes(name)) : [];
