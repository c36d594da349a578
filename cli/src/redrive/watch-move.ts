import type { Clock, Screen } from '../shared/ports.ts';
import { type DeadLetterQueues, isRunning, type MoveTask, type Queue } from './dead-letter-queues.ts';
import { moveWords } from './render.ts';

const EVERY_MS = 1_000;
/** SQS lists a started move only after a while. */
const UNLISTED_MS = 30_000;

export interface WatchMoveDeps {
  queues: Pick<DeadLetterQueues, 'lastMove'>;
  screen: Screen;
  clock: Clock;
}

/**
 * Watches the newest move out of a queue to its end.
 * @param earlier the start of an earlier move, which is not meant; null if there was none
 * @throws Error if SQS does not list the move
 */
export const watchMove = async (
  { queues, screen, clock }: WatchMoveDeps,
  dead: Queue,
  earlier: number | null,
): Promise<MoveTask> => {
  const began = clock.now();
  for (;;) {
    const newest = await queues.lastMove(dead);
    const task = newest !== null && newest.started_at !== earlier ? newest : null;
    if (task && !isRunning(task)) {
      screen.progress('');
      return task;
    }
    if (!task && clock.now() - began > UNLISTED_MS) {
      throw new Error(
        `SQS accepted a move out of ${dead.name}, but does not list it; npx music-etl status shows the queue`,
      );
    }
    screen.progress(`${dead.name}: ${task ? moveWords(task) : 'the move starts'}`);
    await clock.sleep(EVERY_MS);
  }
};
