import type { Stage } from '@music-etl/contracts';
import { UserError } from '../shared/errors.ts';
import { many } from '../shared/format.ts';
import type { Clock, DeadLetterQueues, Objects, Screen } from '../shared/ports.ts';
import { readRuns } from '../shared/run-files.ts';
import { letterLines } from '../status/render-dead-letters.ts';
import { type DeadLetterQueue, isRunning, type MoveTask, moveWords, queuesOf } from './plan.ts';

const EVERY_MS = 1_000;
/** How long a move that was started may take to be listed. */
const UNSEEN_MS = 30_000;
const MOST_SHOWN = 200;

export interface RedriveDeps {
  queues: DeadLetterQueues;
  objects: Objects;
  screen: Screen;
  clock: Clock;
}

export interface RedriveOptions {
  stage: Stage;
  suffix: string;
  rate: number | null;
  dryRun: boolean;
}

const existing = async (queues: DeadLetterQueues, name: string): Promise<DeadLetterQueue> => {
  const queue = await queues.find(name);
  if (queue) return queue;
  throw new UserError(`there is no queue ${name}`, 'is the pipeline deployed there, under a --suffix perhaps?', 1);
};

const since = ({ started_at }: MoveTask): string => new Date(started_at).toISOString().slice(0, 19).replace('T', ' ');

/** Follows the newest move out of a queue (other than the one that began at `before`) to its end. */
const watchMove = async (deps: RedriveDeps, dead: DeadLetterQueue, before: number | null): Promise<MoveTask> => {
  const { queues, screen, clock } = deps;
  const began = clock.now();
  for (;;) {
    const task = await queues.lastMove(dead);
    const ours = task !== null && task.started_at !== before ? task : null;
    if (ours && !isRunning(ours)) {
      screen.progress('');
      return ours;
    }
    if (!ours && clock.now() - began > UNSEEN_MS) {
      throw new Error(`SQS took the order to move ${dead.name}, but lists no such move; look again with status`);
    }
    screen.progress(`${dead.name}: ${ours ? moveWords(ours) : 'the move begins'}`);
    await clock.sleep(EVERY_MS);
  }
};

const conclude = ({ screen }: RedriveDeps, dead: DeadLetterQueue, queue: string, task: MoveTask): void => {
  if (task.status === 'COMPLETED') {
    screen.line(`${moveWords(task)} from ${dead.name} to ${queue}; npx music-etl status shows how it goes on`);
    return;
  }
  const why = task.failure ? `: ${task.failure}` : '';
  throw new UserError(
    `the move out of ${dead.name} ended ${task.status}${why}, having ${moveWords(task)}`,
    'what was not moved is still there; redrive again',
    1,
  );
};

const list = async ({ queues, objects, screen }: RedriveDeps, dead: DeadLetterQueue): Promise<void> => {
  const letters = await queues.peek(dead, MOST_SHOWN);
  const runs = await readRuns(
    objects,
    letters.map(({ run_id }) => run_id),
  );
  for (const line of letterLines(letters, runs)) screen.line(line);
  if (letters.length < dead.letters) screen.line(`and ${dead.letters - letters.length} more`);
};

const nothingWords = ({ name, hidden }: DeadLetterQueue): string =>
  hidden > 0
    ? `nothing to move now: somebody is looking at ${many(hidden, 'letter')} of ${name}; try again in a minute`
    : `nothing to move: ${name} is empty`;

/** Moves the dead letters of a stage back to its queue and watches that; a dry run lists them. */
export const redrive = async (deps: RedriveDeps, options: RedriveOptions): Promise<void> => {
  const { queues, screen } = deps;
  const names = queuesOf(options.stage, options.suffix);
  const [dead, queue] = [await existing(queues, names.dead), await existing(queues, names.queue)];
  const last = await queues.lastMove(dead);
  if (isRunning(last)) {
    screen.line(`a move out of ${dead.name} is running since ${since(last)} UTC: ${moveWords(last)}`);
    if (!options.dryRun) return conclude(deps, dead, queue.name, await watchMove(deps, dead, null));
  }
  if (dead.letters === 0) return screen.line(nothingWords(dead));
  screen.line(`${many(dead.letters, 'dead letter')} in ${dead.name}`);
  if (options.dryRun) {
    await list(deps, dead);
    return screen.line('dry run: nothing was moved');
  }
  await queues.startMove(dead, queue, options.rate);
  conclude(deps, dead, queue.name, await watchMove(deps, dead, last?.started_at ?? null));
};
