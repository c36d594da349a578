import type { Stage, StageDocument } from '@music-etl/contracts';
import type { DocumentSource } from '../shared/documents.ts';
import { UserError } from '../shared/errors.ts';
import { many } from '../shared/format.ts';
import type { DeadLetterMessage } from '../shared/pipeline/snapshot.ts';
import { stageQueues } from '../shared/queue-names.ts';
import { readRuns } from '../shared/run-documents.ts';
import { type DeadLetterQueues, isRunning, type MoveTask, type Queue } from './dead-letter-queues.ts';
import { emptyWords, foundWords, goneMessage, messageLines, moveWords, startWords } from './render.ts';
import { runsWithoutMessage } from './runs-without-message.ts';
import { type WatchMoveDeps, watchMove } from './watch-move.ts';

const MOST_SHOWN = 200;

export interface RedriveDeps extends WatchMoveDeps {
  queues: DeadLetterQueues;
  objects: DocumentSource;
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

/** What there is to redrive: messages, and dead runs whose message is gone. */
interface Found {
  readonly messages: readonly DeadLetterMessage[];
  readonly lost: readonly StageDocument[];
}

const find = async ({ queues, objects }: RedriveDeps, stage: Stage, dead: Queue): Promise<Found> => {
  const messages = dead.messages === 0 ? [] : await queues.peek(dead, MOST_SHOWN);
  // A message that was not seen may be that of any dead run.
  const sawAll = dead.hidden === 0 && messages.length >= dead.messages;
  return { messages, lost: sawAll ? await runsWithoutMessage(objects, stage, messages) : [] };
};

const list = async ({ objects, screen }: RedriveDeps, dead: Queue, { messages, lost }: Found): Promise<void> => {
  const shown = [...messages, ...lost.map((run) => goneMessage(run, dead.name))];
  const runIds = shown.map(({ run_id }) => run_id);
  for (const line of messageLines(shown, await readRuns(objects, runIds))) screen.line(line);
  if (messages.length < dead.messages) screen.line(`and ${dead.messages - messages.length} more`);
  screen.line('dry run: nothing was moved');
};

const move = async (deps: RedriveDeps, dead: Queue, queue: Queue, rate: number | null, before: MoveTask | null) => {
  await deps.queues.startMove(dead, queue, rate);
  conclude(deps, dead, queue, await watchMove(deps, dead, before?.started_at ?? null));
};

/**
 * Moves the dead-letter messages of a stage back to its queue and watches the move; a dry run lists them. Dead runs
 * whose message is gone are requested again. A move that is running already is watched, and no second one is started.
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
  const found = await find(deps, options.stage, dead);
  if (dead.messages === 0 && found.lost.length === 0) return screen.line(emptyWords(dead));
  screen.line(foundWords(dead, found.lost.length));
  if (options.dryRun) return list(deps, dead, found);
  for (const run of found.lost) await queues.resume(queue, run);
  if (found.lost.length > 0) screen.line(`requested ${many(found.lost.length, 'run')} again`);
  if (dead.messages > 0) await move(deps, dead, queue, options.rate, last);
};
