const GZIP = Buffer.from([0x1f, 0x8b]);
const ZSTD = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);
const PARQUET = Buffer.from('PAR1');

const startsWith = (bytes: Buffer, magic: Buffer): boolean => bytes.subarray(0, magic.length).equals(magic);

/** Detects how a file is packed by its first bytes. */
export const compressionOf = (head: Buffer): 'gzip' | 'zstd' | 'none' => {
  if (startsWith(head, GZIP)) return 'gzip';
  return startsWith(head, ZSTD) ? 'zstd' : 'none';
};

export const isParquet = (head: Buffer): boolean => startsWith(head, PARQUET);

/** Formats that are often taken for text, by their first bytes in hex. */
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

/** Control characters that no text holds; tabs, line ends and escapes are not among them. */
const isControl = (byte: number): boolean => byte < 0x20 && (byte < 0x08 || byte > 0x0d) && byte !== 0x1b;
const LOOKED_AT = 4096;

/**
 * Names the format of a file that is neither text nor Parquet nor packed by gzip or zstd; null for what may be text.
 * @example binaryFormat(Buffer.from('%PDF-1.7')) // 'a PDF'
 */
export const binaryFormat = (head: Buffer): string | null => {
  const hex = head.subarray(0, 16).toString('hex');
  const known = BINARY.find(([magic]) => magic.test(hex));
  if (known) return known[1];
  if (head.subarray(TAR_AT, TAR_AT + 5).toString('latin1') === 'ustar') return 'a tar archive';
  return head.subarray(0, LOOKED_AT).some(isControl) ? 'binary data' : null;
};
