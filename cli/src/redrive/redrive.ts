import type { Stage } from '@music-etl/contracts';
import { UserError } from '../shared/errors.ts';
import { many } from '../shared/format.ts';
import type { Objects } from '../shared/ports.ts';
import { stageQueues } from '../shared/queue-names.ts';
import { readRuns } from '../shared/run-documents.ts';
import { type DeadLetterQueues, isRunning, type MoveTask, type Queue } from './dead-letter-queues.ts';
import { emptyWords, messageLines, moveWords, startWords } from './render.ts';
import { type WatchMoveDeps, watchMove } from './watch-move.ts';

const MOST_SHOWN = 200;

export interface RedriveDeps extends WatchMoveDeps {
  queues: DeadLetterQueues;
  objects: Pick<Objects, 'read'>;
}

export interface RedriveOptions {
  stage: Stage;
  suffix: string;
  rate: number | null;
  dryRun: boolean;
}

const findQueue = async (queues: DeadLetterQueues, name: string): Promise<Queue> => {
  const queue = await queues.find(name);
  if (queue) return queue;
  throw new UserError(`there is no queue ${name}`, 'is the pipeline deployed there, perhaps under a --suffix?', 1);
};

/** Reports the end of a move. @throws UserError if SQS did not complete it */
const conclude = ({ screen }: RedriveDeps, dead: Queue, queue: Queue, task: MoveTask): void => {
  if (task.status === 'COMPLETED') {
    screen.line(`${moveWords(task)} from ${dead.name} to ${queue.name}; npx music-etl status shows the progress`);
    return;
  }
  const why = task.failure ? `: ${task.failure}` : '';
  throw new UserError(
    `the move out of ${dead.name} ended ${task.status}${why}; it ${moveWords(task)}`,
    'the other messages are still there; run redrive again',
    1,
  );
};

const listMessages = async ({ queues, objects, screen }: RedriveDeps, dead: Queue): Promise<void> => {
  const messages = await queues.peek(dead, MOST_SHOWN);
  const runIds = messages.map(({ run_id }) => run_id);
  for (const line of messageLines(messages, await readRuns(objects, runIds))) screen.line(line);
  if (messages.length < dead.messages) screen.line(`and ${dead.messages - messages.length} more`);
};

/**
 * Moves the dead-letter messages of a stage back to its queue and watches the move; a dry run lists them.
 * A move that is running already is watched, and no second one is started.
 */
export const redrive = async (deps: RedriveDeps, options: RedriveOptions): Promise<void> => {
  const { queues, screen } = deps;
  const names = stageQueues(options.stage, options.suffix);
  const [dead, queue] = [await findQueue(queues, names.dead), await findQueue(queues, names.queue)];
  const last = await queues.lastMove(dead);
  if (isRunning(last)) {
    screen.line(`a move out of ${dead.name} has been running since ${startWords(last)}: ${moveWords(last)}`);
    if (!options.dryRun) return conclude(deps, dead, queue, await watchMove(deps, dead, null));
  }
  if (dead.messages === 0) return screen.line(emptyWords(dead));
  screen.line(`${many(dead.messages, 'dead-letter message')} in ${dead.name}`);
  if (options.dryRun) {
    await listMessages(deps, dead);
    return screen.line('dry run: nothing was moved');
  }
  await queues.startMove(dead, queue, options.rate);
  conclude(deps, dead, queue, await watchMove(deps, dead, last?.started_at ?? null));
};
