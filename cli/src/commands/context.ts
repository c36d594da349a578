import { floorStatus, startDaemon, stopFloor } from '@music-etl/local';
import { type Reached, reachPlace } from '../adapters/reach.ts';
import { STATE_DIR } from '../adapters/repository.ts';
import type { RunningFloor, Screen } from '../app/ports.ts';
import { choosePlace, type Place } from '../domain/place.ts';

/** The floor that `up` (or the demo) left in the repository, if it still runs. */
export const readFloor = (): Promise<RunningFloor | null> => asFloor(floorStatus(STATE_DIR));

/** Starts a floor that outlives this command, where the others find it. */
export const startFoundFloor = async (): Promise<RunningFloor> => {
  const floor = await asFloor(startDaemon(STATE_DIR));
  if (!floor) throw new Error('the floor did not start');
  return floor;
};

export const stopFoundFloor = async (): Promise<void> => {
  await stopFloor(STATE_DIR);
};

const asFloor = async (
  record: Promise<{ endpoint: string; env: Record<string, string> } | null>,
): Promise<RunningFloor | null> => {
  const found = await record;
  return found && { endpoint: found.endpoint, env: found.env, stop: stopFoundFloor };
};

/** Options that name where the pipeline is; the environment has them, too. */
export interface PlaceOptions {
  bucket?: string;
  table?: string;
  /** The deployment whose queues are meant; without one those of all are looked at. */
  suffix?: string;
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
  const reached = reachPlace(await placeOf(options), screen, options.suffix);
  try {
    return await work(reached);
  } finally {
    reached.close();
  }
};

/** Stops a floor that is perhaps still starting; one that never came up needs no stopping. */
export const stopStarted = (starting: Promise<RunningFloor>): Promise<void> =>
  starting.then(
    (floor) => floor.stop(),
    () => {},
  );

let interrupted = false;

/** Whether the person has asked to stop: what fails from then on is no error. */
export const isInterrupted = (): boolean => interrupted;

/** Calls `cleanUp` when the person interrupts, then ends; undo with what it returns. */
export const onInterrupt = (cleanUp: () => Promise<void>): (() => void) => {
  const handle = (): void => {
    if (interrupted) return;
    interrupted = true;
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
