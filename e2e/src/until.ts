import { setTimeout as sleep } from 'node:timers/promises';
import { until as repeat } from '@music-etl/testing/until';
import { diagnose } from './diagnosis.ts';
import type { World } from './world.ts';

const EVERY_MS = 150;
const TIMEOUT_SECONDS = 40;

export const pause = (ms: number): Promise<void> => sleep(ms);

/**
 * Repeats `look` until it returns a result.
 * @throws Error that says what did not happen, and what the pipeline does instead
 */
export const until = async <T>(
  world: World,
  what: string | (() => string),
  look: () => Promise<T | null | undefined | false>,
  seconds = TIMEOUT_SECONDS,
): Promise<T> =>
  repeat(look, {
    timeoutMs: seconds * 1000,
    everyMs: EVERY_MS,
    failure: async () => {
      const expected = typeof what === 'string' ? what : what();
      return `it did not happen in ${seconds} s that ${expected}\n${await diagnose(world)}`;
    },
  });
