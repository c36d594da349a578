import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { Objects } from './ports.ts';
import { splitLines } from './split-lines.ts';

/** Reads a gzipped object of JSON lines, a value a line. */
export async function* readJsonLines(objects: Pick<Objects, 'open'>, key: string): AsyncGenerator<unknown> {
  const text = pipeline(Readable.from(await objects.open(key)), createGunzip(), () => {});
  for await (const line of splitLines(text)) if (line !== '') yield JSON.parse(line);
}
