import type { Readable } from 'node:stream';

/** Reads the first `size` bytes of a stream. */
export const headOf = async (source: Readable, size: number): Promise<Buffer> => {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const chunk of source) {
    parts.push(chunk);
    length += chunk.length;
    if (length >= size) break;
  }
  return Buffer.concat(parts).subarray(0, size);
};

/** Reads the last `size` bytes of a stream. */
export const tailOf = async (source: Readable, size: number): Promise<Buffer> => {
  let tail = Buffer.alloc(0);
  for await (const chunk of source) {
    tail = Buffer.concat([tail, chunk]);
    if (tail.length > 2 * size) tail = tail.subarray(-size);
  }
  return tail.subarray(-size);
};

/** Returns the footer of a Parquet file, without the 8 bytes that hold its length and the magic. */
export const footerOf = (tail: Buffer): Buffer => {
  const length = tail.length >= 8 ? tail.readUInt32LE(tail.length - 8) : 0;
  return tail.subarray(Math.max(0, tail.length - 8 - length), -8);
};
