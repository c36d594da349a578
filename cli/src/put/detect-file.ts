import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { UserError } from '../shared/errors.ts';
import {
  binaryKind,
  compressionOf,
  ignoredColumns,
  isParquet,
  type Kind,
  kindOf,
  parquetColumns,
  textColumns,
} from './detect-format.ts';

const HEAD = 256 * 1024;
const FOOTER = 16 * 1024 * 1024;

const headOf = async (source: Readable, size: number): Promise<Buffer> => {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const chunk of source) {
    parts.push(chunk);
    length += chunk.length;
    if (length >= size) break;
  }
  return Buffer.concat(parts).subarray(0, size);
};

const tailOf = async (source: Readable, size: number): Promise<Buffer> => {
  let tail = Buffer.alloc(0);
  for await (const chunk of source) {
    tail = Buffer.concat([tail, chunk]);
    if (tail.length > 2 * size) tail = tail.subarray(-size);
  }
  return tail.subarray(-size);
};

/** The footer of a Parquet file, without the 8 bytes that say its length. */
const footerOf = (tail: Buffer): Buffer => {
  const length = tail.length >= 8 ? tail.readUInt32LE(tail.length - 8) : 0;
  return tail.subarray(Math.max(0, tail.length - 8 - length), -8);
};

const isFile = async (path: string): Promise<void> => {
  const found = await stat(path).catch(() => null);
  if (!found) throw new UserError(`${path}: there is no such file`, 'check the name');
  if (!found.isFile()) throw new UserError(`${path} is no file`, `name the files in it, for example ${path}/*`);
  if (found.size === 0) throw new UserError(`${path} is empty`, 'leave it out');
};

/** Column names as far as a file has any, and what it is instead where it is neither text nor Parquet. */
interface Content {
  columns: string[];
  binary: string | null;
}

const contentOf = async (path: string): Promise<Content> => {
  await isFile(path);
  const compression = compressionOf(await headOf(createReadStream(path, { end: 3 }), 4));
  const open = (): Readable => {
    const raw = createReadStream(path);
    if (compression === 'none') return raw;
    return pipeline(raw, compression === 'gzip' ? createGunzip() : createZstdDecompress(), () => {});
  };
  try {
    const head = await headOf(open(), HEAD);
    if (!isParquet(head)) return { columns: textColumns(head.toString('utf8')), binary: binaryKind(head) };
    const { size } = await stat(path);
    const tail = compression === 'none' ? createReadStream(path, { start: Math.max(0, size - FOOTER) }) : open();
    return { columns: parquetColumns(footerOf(await tailOf(tail, FOOTER))), binary: null };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UserError(`${path} looks like ${compression} and cannot be unpacked: ${why}`, 'make the file again');
  }
};

/** A file on disk: what it is, and which of its columns the pipeline leaves out. */
export interface Sniffed {
  kind: Kind;
  ignored: string[];
}

const rejectBinary = (path: string, binary: string): never => {
  throw new UserError(
    `${path} is ${binary}: neither CSV, JSON lines nor Parquet`,
    'put it as CSV, JSON lines (both in UTF-8) or Parquet; plain, gzip or zstd',
  );
};

/** A file that the person says is of a kind. @throws UserError where it cannot be, whatever they say */
export const sniffAs = async (path: string, kind: Kind): Promise<Sniffed> => {
  const { columns, binary } = await contentOf(path);
  if (binary) rejectBinary(path, binary);
  return { kind, ignored: ignoredColumns(kind, columns) };
};

/** What a file is, by its columns. @throws UserError that shows them, or what it is instead, where that cannot be told */
export const sniff = async (path: string): Promise<Sniffed> => {
  const { columns, binary } = await contentOf(path);
  const kind = kindOf(columns);
  if (kind) return { kind, ignored: ignoredColumns(kind, columns) };
  if (binary) rejectBinary(path, binary);
  const shown = columns.slice(0, 12).join(', ').slice(0, 200) || 'none';
  throw new UserError(
    `${path}: neither a stream (user_id, track_id, listen_time), nor songs (track_id, duration_ms), nor users ` +
      `(user_id, user_name, …). Its columns: ${shown}`,
    'give it a header with these names, or insist with --songs or --users',
  );
};
