import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FaultOptions, startFloor } from '@music-etl/local';
import type { RunningFloor } from '../app/ports.ts';

/** A floor of its own in a temporary directory; stopping it leaves nothing behind. */
export const startTemporaryFloor = async (
  faults: FaultOptions | null = null,
): Promise<RunningFloor & { dir: string }> => {
  const dir = await mkdtemp(join(tmpdir(), 'music-etl-'));
  const removeAll = (): Promise<void> => rm(dir, { recursive: true, force: true });
  try {
    const floor = await startFloor({ stateDir: dir, ...(faults && { faults }) });
    let stopping: Promise<void> | null = null;
    const stop = async (): Promise<void> => {
      await floor.stop();
      await removeAll();
    };
    return {
      dir,
      endpoint: floor.endpoint,
      env: floor.env,
      faultCounts: floor.faultCounts,
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
