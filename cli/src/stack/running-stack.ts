import { stackStatus, startDaemon, stopStack } from '@music-etl/local';
import { STATE_DIR } from '../shared/repository.ts';
import { chooseTarget, type Target } from '../shared/target.ts';

/** A running local stack. */
export interface RunningStack {
  endpoint: string;
  env: Record<string, string>;
  /** Counts the injected faults by kind; absent or empty on a stack without faults. */
  faultCounts?(): Readonly<Record<string, number>>;
  stop(): Promise<void>;
}

const kept = (record: Pick<RunningStack, 'endpoint' | 'env'>): RunningStack => ({
  endpoint: record.endpoint,
  env: record.env,
  stop: async () => {
    await stopStack(STATE_DIR);
  },
});

/** Finds the stack that `up` (or the demo) left running in the repository; null where there is none. */
export const findKeptStack = async (): Promise<RunningStack | null> => {
  const record = await stackStatus(STATE_DIR);
  return record && kept(record);
};

/** Starts a stack that outlives this command, where the other commands find it. */
export const startKeptStack = async (): Promise<RunningStack> => kept(await startDaemon(STATE_DIR));

/** Stops a stack that is perhaps still starting; one that failed to start needs no stopping. */
export const stopStarted = (starting: Promise<RunningStack>): Promise<void> =>
  starting.then(
    (stack) => stack.stop(),
    () => {},
  );

/** Returns a stack's own target, whatever endpoint the environment names otherwise. */
export const stackTarget = (stack: Pick<RunningStack, 'endpoint' | 'env'>): Target => chooseTarget({}, stack);
