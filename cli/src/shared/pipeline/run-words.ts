import type { RunDocument } from '@music-etl/contracts';
import { keyWords } from '../format.ts';
import { compareUtf8 } from '../order.ts';
import type { DeadLetterMessage } from './snapshot.ts';

/** Runs by their ids. */
export type Runs = ReadonlyMap<string, Pick<RunDocument, 'files' | 'reference_changed'>>;

/** Names the files of a run, or of a message that has no run. */
export const aboutWords = ({ run_id, keys = [] }: { run_id: string | null; keys?: readonly string[] }, runs: Runs) => {
  const run = run_id === null ? undefined : runs.get(run_id);
  if (!run) return keys.length > 0 ? keyWords(keys) : 'unknown files';
  const named = keyWords(run.files.map(({ key }) => key).sort(compareUtf8));
  return [...(named ? [named] : []), ...(run.reference_changed ? ['reference data'] : [])].join(' and ') || 'no files';
};

/** Returns true for a message that the pipeline understands: a redrive can help. */
export const isOurs = ({ run_id, keys }: DeadLetterMessage): boolean => run_id !== null || keys.length > 0;
