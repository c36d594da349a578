import { setTimeout as sleep } from 'node:timers/promises';

type UntilOptions = {
  timeoutMs?: number;
  everyMs?: number;
  /** Returns the message of the error after the timeout. */
  failure?: () => string | Promise<string>;
};

/**
 * Repeats `look` until it returns a result: `const run = await until(async () => runs.at(-1))`.
 * @throws Error after the timeout.
 */
export const until = async <T>(
  look: () => Promise<T | null | undefined | false>,
  { timeoutMs = 20_000, everyMs = 50, failure = () => `no result after ${timeoutMs / 1000} s` }: UntilOptions = {},
): Promise<T> => {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const found = await look();
    if (found !== null && found !== undefined && found !== false) return found;
    if (Date.now() > deadline) throw new Error(await failure());
    await sleep(everyMs);
  }
};
