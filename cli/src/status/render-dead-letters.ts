import type { RunDocument } from '@music-etl/contracts';
import { compareUtf8 } from '../shared/order.ts';
import type { DeadLetter } from '../shared/pipeline/snapshot.ts';

const NAMED = 3;

/** `a.csv, b.csv, c.csv and 4 more files` */
const fileWords = (keys: readonly string[]): string => {
  const more = keys.length - NAMED;
  return keys.slice(0, NAMED).join(', ') + (more > 0 ? ` and ${more} more ${more === 1 ? 'file' : 'files'}` : '');
};

export type Runs = ReadonlyMap<string, Pick<RunDocument, 'files' | 'reference_changed'>>;

/** Which files a run or a notification is about. */
export const aboutWords = ({ run_id, keys = [] }: { run_id: string | null; keys?: readonly string[] }, runs: Runs) => {
  const run = run_id === null ? undefined : runs.get(run_id);
  if (!run) return keys.length > 0 ? fileWords(keys) : 'unknown files';
  const named = fileWords(run.files.map(({ key }) => key).sort(compareUtf8));
  return [...(named ? [named] : []), ...(run.reference_changed ? ['reference data'] : [])].join(' and ') || 'no files';
};

/** Whether moving it back can help: it is a message that the pipeline knows. */
export const isOurs = ({ run_id, keys }: DeadLetter): boolean => run_id !== null || keys.length > 0;
