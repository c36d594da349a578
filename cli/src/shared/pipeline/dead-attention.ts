import { deadLetterQueueName, type StageDocument } from '@music-etl/contracts';
import { redriveCommand, stageOfQueue } from '../queue-names.ts';
import { type Attention, sentence } from './attention.ts';
import { aboutWords, isOurs, type Runs } from './run-words.ts';
import type { DeadLetterMessage } from './snapshot.ts';

const DEAD_LETTER = 'dead-letter message';
/** The reason that ingest gives a person's request that it cannot carry out. */
const IMPOSSIBLE = 'impossible request';

const redriveTodo = (queue: string): string =>
  `fix what the error names, then ${redriveCommand(queue) ?? `move the messages of ${queue} back`}`;

/** Comes before the error, which may be long and cut. */
const jobWords = (id: string | null): string => (id ? ` (Glue run ${id})` : '');

const stageAttention = (
  { run_id, stage, error, job_run_id }: StageDocument,
  message: DeadLetterMessage | undefined,
  runs: Runs,
): Attention => ({
  about: `${stage} of ${aboutWords({ run_id }, runs)} (run ${run_id})`,
  state: 'dead',
  sentence: sentence(`given up${jobWords(job_run_id)}: ${error ?? 'no error was recorded'}`),
  todo: redriveTodo(message?.queue ?? deadLetterQueueName(stage)),
});

/** A redrive would change nothing. */
const requestAttention = ({ queue, keys, reason, error }: DeadLetterMessage, action: string): Attention => ({
  about: `${action} of ${keys.join(', ')}, requested by a person`,
  state: DEAD_LETTER,
  sentence: sentence(`${reason}${error ? `: ${error}` : ''}`),
  todo:
    'nothing was changed; see the file with npx music-etl quarantine ls and request again; ' +
    `delete the message from ${queue}`,
});

const messageAttention = (message: DeadLetterMessage, runs: Runs): Attention => {
  if (message.request && message.reason === IMPOSSIBLE) return requestAttention(message, message.request.action);
  const { queue, run_id, reason, job_run_id, error } = message;
  const ours = isOurs(message);
  const files = ours ? aboutWords(message, runs) : 'no file';
  return {
    about: `${stageOfQueue(queue) ?? queue} of ${files}${run_id ? ` (run ${run_id})` : ''}`,
    state: DEAD_LETTER,
    sentence: sentence(`${reason}${jobWords(job_run_id)}${error ? `: ${error}` : ''}`),
    todo: ours ? redriveTodo(queue) : `no message of the pipeline: find its sender, and delete it from ${queue}`,
  };
};

const belongs = (message: DeadLetterMessage, { stage, run_id }: StageDocument): boolean =>
  message.run_id === run_id && stageOfQueue(message.queue) === stage;

/** Explains dead stages, and dead-letter messages of no dead stage: which files, which stage, why, what to do. */
export const deadAttention = (
  stages: readonly StageDocument[],
  messages: readonly DeadLetterMessage[],
  runs: Runs,
): Attention[] => {
  const messageOf = (stage: StageDocument) => messages.find((message) => belongs(message, stage));
  const others = messages.filter((message) => !stages.some((stage) => belongs(message, stage)));
  return [
    ...stages.map((stage) => stageAttention(stage, messageOf(stage), runs)),
    ...others.map((message) => messageAttention(message, runs)),
  ];
};
