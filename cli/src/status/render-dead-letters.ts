import type { RunDocument } from '@music-etl/contracts';
import { compareUtf8 } from '../export/order.ts';
import type { DeadLetter } from './snapshot.ts';

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

const kindLine = ({ run_id, keys, request }: DeadLetter): string => {
  if (request) return `run     none: a person asked for a ${request.action}`;
  if (run_id) return `run     ${run_id}`;
  return keys.length > 0
    ? 'run     none yet: S3 told of an arrival'
    : 'run     none: no message of the pipeline; moved back, it would return here';
};

/** Each letter with all it says, for a dry run. */
export const letterLines = (letters: readonly DeadLetter[], runs: Runs): string[] =>
  letters.flatMap((letter) => [
    '',
    kindLine(letter),
    ...(isOurs(letter) ? [`files   ${aboutWords(letter, runs)}`] : []),
    `reason  ${letter.reason}`,
    ...(letter.job_run_id ? [`job     ${letter.job_run_id} (log: this stream in /aws-glue/jobs/error)`] : []),
    ...(letter.error ? [`error   ${letter.error.trim().replace(/\s+/g, ' ')}`] : []),
  ]);
