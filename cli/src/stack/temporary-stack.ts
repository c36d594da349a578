import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FaultOptions, startStack } from '@music-etl/local';
import type { RunningStack } from './running-stack.ts';

/** A local stack, and the directory that holds its state. */
export interface StackInDirectory extends RunningStack {
  dir: string;
}

/** Returns a function that does its work once, however often it is called. */
export const once = (work: () => Promise<void>): (() => Promise<void>) => {
  let done: Promise<void> | null = null;
  return () => {
    done ??= work();
    return done;
  };
};

/** Starts a local stack in a directory of its own; stopping it removes all of it. */
export const startTemporaryStack = async (faults: FaultOptions | null = null): Promise<StackInDirectory> => {
  const dir = await mkdtemp(join(tmpdir(), 'music-etl-'));
  const remove = (): Promise<void> => rm(dir, { recursive: true, force: true });
  try {
    const stack = await startStack({ stateDir: dir, ...(faults && { faults }) });
    const stop = once(() => stack.stop().then(remove));
    return { dir, endpoint: stack.endpoint, env: stack.env, faultCounts: stack.faultCounts, stop };
  } catch (error) {
    await remove();
    throw error;
  }
};
