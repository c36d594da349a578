import type { Queues } from './ports.ts';

export type MoveTask = {
  handle: string;
  sourceArn: string;
  destinationArn: string | null;
  perSecond: number | null;
  status: 'RUNNING' | 'COMPLETED' | 'CANCELLING' | 'CANCELLED' | 'FAILED';
  failure: string | null;
  moved: number;
  toMove: number;
  startedAt: number;
};

/** SQS's own limit, and the rate of tasks without one. */
export const MAX_PER_SECOND = 500;
const BATCH = 10;

type Deps = { queues: Queues; now: () => number; pause: (ms: number) => Promise<void> };

/** Moves one batch at the task's rate. Returns false if there are no more messages. */
const moveBatch = async (task: MoveTask, { queues, now, pause }: Deps): Promise<boolean> => {
  const perSecond = task.perSecond ?? MAX_PER_SECOND;
  const messages = await queues.receive(task.sourceArn, Math.min(BATCH, perSecond, task.toMove - task.moved));
  const began = now();
  for (const message of messages) {
    const target = task.destinationArn ?? message.sourceArn;
    if (target === null) throw new Error('CouldNotDetermineMessageSource');
    // Sent before it is deleted: a task that breaks off repeats a message, but never loses one.
    await queues.send(target, message);
    await queues.remove(task.sourceArn, message);
    task.moved += 1;
  }
  await pause(Math.max(0, (messages.length * 1_000) / perSecond - (now() - began)));
  return messages.length > 0;
};

/** Moves messages until all are moved, the task is cancelled or `isEnding` is true. */
export const runMoveTask = async (task: MoveTask, deps: Deps, isEnding: () => boolean): Promise<void> => {
  const isActive = (): boolean => task.status === 'RUNNING' && task.moved < task.toMove && !isEnding();
  while (isActive() && (await moveBatch(task, deps)));
  task.status = task.status === 'CANCELLING' || isEnding() ? 'CANCELLED' : 'COMPLETED';
};
