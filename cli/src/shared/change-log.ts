import { Change, ChangeHead, changesKey, changesPrefix } from '@music-etl/contracts';
import { listKeys } from './documents.ts';
import { readJsonLines } from './json-lines.ts';
import type { Objects } from './ports.ts';

type Bucket = Pick<Objects, 'list' | 'open'>;

/** An entry of the change log and the head of its generation. */
export interface LoggedChange {
  head: ChangeHead;
  change: Change;
}

/** Reads what a generation changed of a date that had been published before; null if it changed nothing. */
export const readChangeHead = async (bucket: Bucket, date: string, generation: number): Promise<ChangeHead | null> => {
  const key = changesKey(date, generation);
  if (!(await listKeys(bucket, changesPrefix(date))).includes(key)) return null;
  for await (const line of readJsonLines(bucket, key)) return ChangeHead.parse(line);
  return null;
};

/** Reads one generation's entries that `picks` accepts; none if `counts` rejects the head. */
const readEntries = async (
  bucket: Bucket,
  key: string,
  counts: (head: ChangeHead) => boolean,
  picks: (change: Change) => boolean,
): Promise<LoggedChange[]> => {
  let head: ChangeHead | null = null;
  const found: LoggedChange[] = [];
  for await (const line of readJsonLines(bucket, key)) {
    if (head === null) {
      head = ChangeHead.parse(line);
      if (!counts(head)) return [];
      continue;
    }
    const change = Change.parse(line);
    if (picks(change)) found.push({ head, change });
  }
  return found;
};

/** Yields a date's entries that `picks` accepts, newest generation first. */
export async function* readChanges(
  bucket: Bucket,
  date: string,
  picks: (change: Change) => boolean,
): AsyncGenerator<LoggedChange> {
  const followed = new Set<number>();
  // A generation that was overtaken before it was complete leaves a log too: a newer one has the same predecessor.
  const counts = ({ previous_generation }: ChangeHead): boolean => {
    const overtaken = followed.has(previous_generation);
    followed.add(previous_generation);
    return !overtaken;
  };
  const keys = (await listKeys(bucket, changesPrefix(date))).sort().reverse();
  for (const key of keys) yield* await readEntries(bucket, key, counts, picks);
}
