import { diagnose } from './diagnosis.ts';
import type { World } from './world.ts';

const EVERY_MS = 150;
const PATIENCE_SECONDS = 40;

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Asks until there is an answer.
 * @throws Error that says what did not happen and what the pipeline is doing instead.
 */
export const until = async <T>(
  world: World,
  what: string | (() => string),
  ask: () => Promise<T | null | undefined | false>,
  seconds = PATIENCE_SECONDS,
): Promise<T> => {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (answer !== null && answer !== undefined && answer !== false) return answer;
    if (Date.now() > deadline) {
      const happening = typeof what === 'string' ? what : what();
      throw new Error(`it did not happen in ${seconds} s that ${happening}\n${await diagnose(world)}`);
    }
    await pause(EVERY_MS);
  }
};
