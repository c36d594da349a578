import { deadLetterQueueName, queueName, STAGES, Stage } from '@music-etl/contracts';
import { UserError } from '../shared/errors.ts';
import { many } from '../shared/format.ts';

/** SQS moves at most this many messages a second. */
const FASTEST = 500;

export interface DeadLetterQueue {
  name: string;
  url: string;
  arn: string;
  letters: number;
  /** Letters that somebody is looking at; a move takes them only once they can be seen again. */
  hidden: number;
}

/** A move of SQS out of a dead-letter queue. `started_at` (ms) tells moves apart. */
export interface MoveTask {
  status: string;
  moved: number;
  to_move: number | null;
  failure: string | null;
  started_at: number;
}

export const isRunning = (task: MoveTask | null): task is MoveTask =>
  task?.status === 'RUNNING' || task?.status === 'CANCELLING';

/** @throws UserError for anything but a stage's name */
export const parseStage = (text: string): Stage => {
  const parsed = Stage.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new UserError(`${text}: not a stage`, `the stages are ${STAGES.join(', ')}`);
};

/** Messages a second; null where none is given. @throws UserError outside 1 … 500 */
export const parseRate = (text: string | undefined): number | null => {
  if (text === undefined) return null;
  const rate = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (rate >= 1 && rate <= FASTEST) return rate;
  throw new UserError(`--rate ${text}: not a number of messages a second`, `SQS takes 1 to ${FASTEST}`);
};

/** The two queues of a stage; a deployment's suffix is part of their names. */
export const queuesOf = (stage: Stage, suffix: string): { queue: string; dead: string } => {
  const queue = queueName(stage) + suffix;
  return { queue, dead: `${queue}${deadLetterQueueName(stage).slice(queueName(stage).length)}` };
};

/** The stage whose queue, or dead-letter queue, this is. */
export const stageOfQueue = (queue: string): Stage | null =>
  STAGES.find((known) => queue.startsWith(queueName(known))) ?? null;

/**
 * The command that moves back what is in a dead-letter queue; null for a queue of no stage.
 * @example redriveCommand('music-streaming-kpi-dlq') // 'npx music-etl redrive kpi'
 */
export const redriveCommand = (deadQueue: string): string | null => {
  const name = deadQueue.replace(/-dlq$/, '');
  const stage = stageOfQueue(name);
  if (!stage) return null;
  const suffix = name.slice(queueName(stage).length);
  return `npx music-etl redrive ${stage}${suffix ? ` --suffix=${suffix}` : ''}`;
};

/** `moved 3 of 10 letters`; SQS says how many there are to move only once it has counted. */
export const moveWords = ({ moved, to_move }: MoveTask): string =>
  to_move === null || to_move < moved
    ? `moved ${many(moved, 'letter')}`
    : `moved ${moved} of ${many(to_move, 'letter')}`;
