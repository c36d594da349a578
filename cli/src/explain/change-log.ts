import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { Change, ChangeHead, changesKey, changesPrefix } from '@music-etl/contracts';
import type { Objects } from '../shared/ports.ts';
import { splitLines } from '../shared/split-lines.ts';

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

/** An entry of the change log with the head it stands under. */
export interface LoggedChange {
  head: ChangeHead;
  change: Change;
}

/** The entries of one generation that `wanted` picks; `counts` says by the head whether it counts at all. */
const entriesOf = async (
  objects: Logged,
  key: string,
  counts: (head: ChangeHead) => boolean,
  wanted: (change: Change) => boolean,
): Promise<LoggedChange[]> => {
  let head: ChangeHead | null = null;
  const found: LoggedChange[] = [];
  for await (const line of linesOf(objects, key)) {
    if (head === null) {
      head = ChangeHead.parse(line);
      if (!counts(head)) return [];
      continue;
    }
    const change = Change.parse(line);
    if (wanted(change)) found.push({ head, change });
  }
  return found;
};

/** The entries of a date that `wanted` picks, newest generation first. */
export async function* changesOf(
  objects: Logged,
  date: string,
  wanted: (change: Change) => boolean,
): AsyncGenerator<LoggedChange> {
  const followed = new Set<number>();
  for (const key of await keysOf(objects, date)) {
    // A generation that was overtaken before it was complete has left a log, too: a later one follows the same.
    const counts = ({ previous_generation }: ChangeHead): boolean => {
      const overtaken = followed.has(previous_generation);
      followed.add(previous_generation);
      return !overtaken;
    };
    yield* await entriesOf(objects, key, counts, wanted);
  }
}
