import { stackStatus, startDaemon, stopStack } from '@music-etl/local';
import type { RunningStack, Screen } from './ports.ts';
import { type Reached, reachTarget } from './reach.ts';
import { STATE_DIR } from './repository.ts';
import { chooseTarget, type Target } from './target.ts';

/** The local stack that `up` (or the demo) left in the repository, if it still runs. */
export const readStack = (): Promise<RunningStack | null> => asStack(stackStatus(STATE_DIR));

/** Starts a local stack that outlives this command, where the others find it. */
export const startFoundStack = async (): Promise<RunningStack> => {
  const localStack = await asStack(startDaemon(STATE_DIR));
  if (!localStack) throw new Error('the local stack did not start');
  return localStack;
};

export const stopFoundStack = async (): Promise<void> => {
  await stopStack(STATE_DIR);
};

const asStack = async (
  record: Promise<{ endpoint: string; env: Record<string, string> } | null>,
): Promise<RunningStack | null> => {
  const found = await record;
  return found && { endpoint: found.endpoint, env: found.env, stop: stopFoundStack };
};

/** Options that name where the pipeline is; the environment has them, too. */
export interface TargetOptions {
  bucket?: string;
  table?: string;
  /** The deployment whose queues are meant; without one those of all are looked at. */
  suffix?: string;
}

export const targetOf = async (options: TargetOptions): Promise<Target> => {
  const target = chooseTarget(process.env, await readStack());
  return { ...target, bucket: options.bucket ?? target.bucket, table: options.table ?? target.table };
};

/** Reaches the pipeline the environment means, and lets go of it afterwards. */
export const withTarget = async <T>(
  options: TargetOptions,
  screen: Screen,
  work: (reached: Reached) => Promise<T>,
): Promise<T> => {
  const reached = reachTarget(await targetOf(options), screen, options.suffix);
  try {
    return await work(reached);
  } finally {
    reached.close();
  }
};

/** Stops a local stack that is perhaps still starting; one that never came up needs no stopping. */
export const stopStarted = (starting: Promise<RunningStack>): Promise<void> =>
  starting.then(
    (localStack) => localStack.stop(),
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
