import { setTimeout as sleep } from 'node:timers/promises';

/** Asks again until there is an answer. */
export const until = async <T>(ask: () => Promise<T | null | undefined>, patienceMs = 20_000): Promise<T> => {
  for (const deadline = Date.now() + patienceMs; Date.now() < deadline; ) {
    const answer = await ask();
    if (answer !== null && answer !== undefined) return answer;
    await sleep(50);
  }
  throw new Error('it did not happen in time');
};
