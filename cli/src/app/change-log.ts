import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { Change, ChangeHead, changesKey, changesPrefix } from '@music-etl/contracts';
import { splitLines } from './lines.ts';
import type { Objects } from './ports.ts';

type Logged = Pick<Objects, 'list' | 'open'>;

async function* linesOf(objects: Logged, key: string): AsyncGenerator<unknown> {
  const unzipped = pipeline(Readable.from(await objects.open(key)), createGunzip(), () => {});
  for await (const line of splitLines(unzipped)) if (line !== '') yield JSON.parse(line);
}

const keysOf = async (objects: Logged, date: string): Promise<string[]> => {
  const keys: string[] = [];
  for await (const { key } of objects.list(changesPrefix(date))) keys.push(key);
  return keys.sort().reverse();
};

/** What a generation changed of a date that had been published before; null where it changed nothing. */
export const changeHead = async (objects: Logged, date: string, generation: number): Promise<ChangeHead | null> => {
  const key = changesKey(date, generation);
  if (!(await keysOf(objects, date)).includes(key)) return null;
  for await (const line of linesOf(objects, key)) return ChangeHead.parse(line);
  return null;
};

/** The entries of a date that `wanted` picks, with their heads, newest generation first. */
export async function* changesOf(
  objects: Logged,
  date: string,
  wanted: (change: Change) => boolean,
): AsyncGenerator<{ head: ChangeHead; change: Change }> {
  for (const key of await keysOf(objects, date)) {
    let head: ChangeHead | null = null;
    for await (const line of linesOf(objects, key)) {
      if (head === null) {
        head = ChangeHead.parse(line);
        continue;
      }
      const change = Change.parse(line);
      if (wanted(change)) yield { head, change };
    }
  }
}
