import type { StageDocument } from '@music-etl/contracts';
import { many } from '../shared/format.ts';
import { aboutWords, isOurs, type Runs } from '../shared/pipeline/run-words.ts';
import type { DeadLetterMessage } from '../shared/pipeline/snapshot.ts';
import type { MoveTask, Queue } from './dead-letter-queues.ts';

/** `moved 3 of 10 messages`; without the total until SQS has counted. */
export const moveWords = ({ moved, to_move }: MoveTask): string =>
  to_move === null || to_move < moved
    ? `moved ${many(moved, 'message')}`
    : `moved ${moved} of ${many(to_move, 'message')}`;

/** Says why there is nothing to move. */
export const emptyWords = ({ name, hidden }: Queue): string =>
  hidden > 0
    ? `nothing to move now: somebody is reading ${many(hidden, 'message')} of ${name}; try again in a minute`
    : `nothing to move: ${name} is empty`;

/** `2 dead-letter messages in …-dlq; 1 dead run has none` */
export const foundWords = ({ name, messages }: Queue, lost: number): string => {
  const words = `${many(messages, 'dead-letter message')} in ${name}`;
  return lost === 0 ? words : `${words}; ${many(lost, 'dead run')} without a message, which SQS keeps for 14 days`;
};

/** `2026-11-24 08:00:00 UTC` */
export const startWords = ({ started_at }: MoveTask): string =>
  `${new Date(started_at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;

const runLine = ({ run_id, keys, request }: DeadLetterMessage): string => {
  if (request) return `run     none: a person requested a ${request.action}`;
  if (run_id) return `run     ${run_id}`;
  return keys.length > 0
    ? 'run     none yet: S3 announced an arrival'
    : 'run     none: no message of the pipeline; after a move it would come back here';
};

/** Describes a dead run as the dead-letter message that is gone. */
export const goneMessage = ({ run_id, job_run_id, error }: StageDocument, queue: string): DeadLetterMessage => ({
  queue,
  run_id,
  keys: [],
  request: null,
  reason: 'its dead-letter message is gone',
  job_run_id,
  error: error ?? '',
});

/** Renders dead-letter messages: run, files, reason, job and error of each. */
export const messageLines = (messages: readonly DeadLetterMessage[], runs: Runs): string[] =>
  messages.flatMap((message) => [
    '',
    runLine(message),
    ...(isOurs(message) ? [`files   ${aboutWords(message, runs)}`] : []),
    `reason  ${message.reason}`,
    ...(message.job_run_id ? [`job     ${message.job_run_id} (log: this stream in /aws-glue/jobs/error)`] : []),
    ...(message.error ? [`error   ${message.error.trim().replace(/\s+/g, ' ')}`] : []),
  ]);
