import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { UserError } from '../shared/errors.ts';
import { parquetColumns, textColumns } from './column-names.ts';
import { detectKind, ignoredColumns, type Kind, KNOWN_NAMES, streamColumnWords } from './detect-format.ts';
import { footerOf, headOf, tailOf } from './file-ends.ts';
import { binaryFormat, compressionOf, isParquet } from './file-signatures.ts';

const HEAD = 256 * 1024;
const FOOTER = 16 * 1024 * 1024;

const checkFile = async (path: string): Promise<void> => {
  const found = await stat(path).catch(() => null);
  if (!found) throw new UserError(`${path}: there is no such file`, 'check the name');
  if (!found.isFile()) throw new UserError(`${path} is no file`, `name the files in it, for example ${path}/*`);
  if (found.size === 0) throw new UserError(`${path} is empty`, 'leave it out');
};

/** The column names of a file, or its format where it is neither text nor Parquet. */
interface Content {
  columns: string[];
  binary: string | null;
}

const readContent = async (path: string): Promise<Content> => {
  await checkFile(path);
  const compression = compressionOf(await headOf(createReadStream(path, { end: 3 }), 4));
  const open = (): Readable => {
    const raw = createReadStream(path);
    if (compression === 'none') return raw;
    return pipeline(raw, compression === 'gzip' ? createGunzip() : createZstdDecompress(), () => {});
  };
  try {
    const head = await headOf(open(), HEAD);
    if (!isParquet(head)) return { columns: textColumns(head.toString('utf8')), binary: binaryFormat(head) };
    const { size } = await stat(path);
    const tail = compression === 'none' ? createReadStream(path, { start: Math.max(0, size - FOOTER) }) : open();
    return { columns: parquetColumns(footerOf(await tailOf(tail, FOOTER)), KNOWN_NAMES), binary: null };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UserError(`${path} looks like ${compression} and cannot be unpacked: ${why}`, 'make the file again');
  }
};

/** What a file on disk holds, and the columns that the pipeline ignores. */
export interface DetectedFile {
  kind: Kind;
  ignored: string[];
}

const binaryError = (path: string, binary: string): UserError =>
  new UserError(
    `${path} is ${binary}: neither CSV, JSON lines nor Parquet`,
    'put it as CSV, JSON lines (both in UTF-8) or Parquet; plain, gzip or zstd',
  );

/** Checks a file whose kind the person names. @throws UserError for a file that can be of no kind */
export const detectFileAs = async (path: string, kind: Kind): Promise<DetectedFile> => {
  const { columns, binary } = await readContent(path);
  if (binary) throw binaryError(path, binary);
  return { kind, ignored: ignoredColumns(kind, columns) };
};

/** Detects what a file holds by its columns. @throws UserError that names its columns, or its format */
export const detectFile = async (path: string): Promise<DetectedFile> => {
  const { columns, binary } = await readContent(path);
  const kind = detectKind(columns);
  if (kind) return { kind, ignored: ignoredColumns(kind, columns) };
  if (binary) throw binaryError(path, binary);
  const shown = columns.slice(0, 12).join(', ').slice(0, 200) || 'none';
  throw new UserError(
    `${path}: neither a stream (${streamColumnWords(true)}), nor songs (track_id, duration_ms), nor users ` +
      `(user_id, user_name, …). Its columns: ${shown}`,
    'give it a header with these names, or name its kind with --songs or --users',
  );
};
