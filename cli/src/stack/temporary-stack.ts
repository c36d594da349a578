import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FaultOptions, startStack } from '@music-etl/local';
import type { RunningStack } from '../shared/ports.ts';

/** A local stack of its own in a temporary directory; stopping it leaves nothing behind. */
export const startTemporaryStack = async (
  faults: FaultOptions | null = null,
): Promise<RunningStack & { dir: string }> => {
  const dir = await mkdtemp(join(tmpdir(), 'music-etl-'));
  const removeAll = (): Promise<void> => rm(dir, { recursive: true, force: true });
  try {
    const localStack = await startStack({ stateDir: dir, ...(faults && { faults }) });
    let stopping: Promise<void> | null = null;
    const stop = async (): Promise<void> => {
      await localStack.stop();
      await removeAll();
    };
    return {
      dir,
      endpoint: localStack.endpoint,
      env: localStack.env,
      faultCounts: localStack.faultCounts,
      stop: () => {
        stopping ??= stop();
        return stopping;
      },
    };
  } catch (error) {
    await removeAll();
    throw error;
  }
};
