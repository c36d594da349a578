import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { compareKeys } from '../shared/order.ts';
import { splitLines } from '../shared/split-lines.ts';
import type { Line } from './export-lines.ts';

const Spilled = z.tuple([z.array(z.string()), z.string()]);
const byKeys = (a: Line, b: Line): number => compareKeys(a.sort, b.sort);

const spill = async (lines: readonly Line[], path: string): Promise<string> => {
  const texts = lines.map(({ sort, text }) => `${JSON.stringify([sort, text])}\n`);
  await pipeline(Readable.from(texts), createWriteStream(path));
  return path;
};

async function* inMemory(lines: readonly Line[]): AsyncGenerator<Line> {
  yield* lines;
}

async function* readSpilled(path: string): AsyncGenerator<Line> {
  for await (const line of splitLines(createReadStream(path))) {
    const [sort, text] = Spilled.parse(JSON.parse(line));
    yield { sort, text };
  }
}

/** Merges sorted sources. They are few, so the least line is found by comparing all of them. */
async function* merge(sources: AsyncGenerator<Line>[]): AsyncGenerator<string> {
  const heads: { line: Line; source: AsyncGenerator<Line> }[] = [];
  for (const source of sources) {
    const first = await source.next();
    if (!first.done) heads.push({ line: first.value, source });
  }
  while (heads.length > 0) {
    const least = heads.reduce((best, head) => (byKeys(head.line, best.line) < 0 ? head : best));
    yield least.line.text;
    const next = await least.source.next();
    if (next.done) heads.splice(heads.indexOf(least), 1);
    else least.line = next.value;
  }
}

/** Sorts any number of lines in bounded memory: sorted chunks are written to files in `dir`, then merged. */
export async function* sortedLines(
  lines: AsyncIterable<Line>,
  dir: string,
  chunkSize = 50_000,
): AsyncGenerator<string> {
  const spilled: string[] = [];
  let chunksDir: string | null = null;
  let chunk: Line[] = [];
  try {
    for await (const line of lines) {
      chunk.push(line);
      if (chunk.length < chunkSize) continue;
      chunksDir ??= await mkdtemp(join(dir, 'sort-'));
      spilled.push(await spill(chunk.sort(byKeys), join(chunksDir, `${spilled.length}.jsonl`)));
      chunk = [];
    }
    yield* merge([...spilled.map(readSpilled), inMemory(chunk.sort(byKeys))]);
  } finally {
    if (chunksDir) await rm(chunksDir, { recursive: true, force: true });
  }
}
