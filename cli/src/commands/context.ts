import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { type Reached, reachPlace } from '../adapters/reach.ts';
import { STATE_DIR } from '../adapters/repository.ts';
import type { Screen } from '../app/ports.ts';
import { choosePlace, type Place } from '../domain/place.ts';

const FloorFile = z.object({ pid: z.int(), endpoint: z.url(), env: z.record(z.string(), z.string()) });
export type FloorFile = z.infer<typeof FloorFile>;

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
};

/** The floor that `up` (or the demo) left in the repository, if it still runs. */
export const readFloor = async (stateDir = STATE_DIR): Promise<FloorFile | null> => {
  const text = await readFile(join(stateDir, 'floor.json'), 'utf8').catch(() => null);
  if (text === null) return null;
  const parsed = FloorFile.safeParse(JSON.parse(text));
  return parsed.success && isAlive(parsed.data.pid) ? parsed.data : null;
};

/** Options that name where the pipeline is; the environment has them, too. */
export interface PlaceOptions {
  bucket?: string;
  table?: string;
}

export const placeOf = async (options: PlaceOptions): Promise<Place> => {
  const place = choosePlace(process.env, await readFloor());
  return { ...place, bucket: options.bucket ?? place.bucket, table: options.table ?? place.table };
};

/** Reaches the pipeline the environment means, and lets go of it afterwards. */
export const withPlace = async <T>(
  options: PlaceOptions,
  screen: Screen,
  work: (reached: Reached) => Promise<T>,
): Promise<T> => {
  const reached = reachPlace(await placeOf(options), screen);
  try {
    return await work(reached);
  } finally {
    reached.close();
  }
};

/** Calls `cleanUp` when the person interrupts, then ends; undo with what it returns. */
export const onInterrupt = (cleanUp: () => Promise<void>): (() => void) => {
  let asked = false;
  const handle = (): void => {
    if (asked) return;
    asked = true;
    process.stderr.write('\nstopping …\n');
    cleanUp().then(
      () => process.exit(130),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, handle);
  return () => {
    for (const signal of signals) process.off(signal, handle);
  };
};
