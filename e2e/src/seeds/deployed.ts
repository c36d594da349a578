import { cp, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type FaultOptions, type Floor, startFloor } from '@music-etl/local';
import { deployInto } from '../../../cli/src/adapters/deploy.ts';
import type { Screen } from '../../../cli/src/app/ports.ts';

/** A floor that goes with everything it has, unless its state is to be kept somewhere as evidence. */
export interface FreshFloor extends Omit<Floor, 'stop'> {
  stop(evidence: string | null): Promise<void>;
}

/** The kept state of a floor with the five services and nothing else, to start any number of fresh floors from. */
export interface Deployed {
  fresh(faults: FaultOptions | null, log: (line: string) => void): Promise<FreshFloor>;
}

/** Deploys once. The copies are used one after the other: all of them have the port that their queue URLs name. */
export const deployOnce = async (dir: string, screen: Screen): Promise<Deployed> => {
  const template = join(dir, 'deployed');
  await mkdir(template, { recursive: true });
  const floor = await startFloor({ stateDir: template, keep: true, log: screen.line });
  try {
    await deployInto(join(dir, 'deploy'), 'faults')(floor, screen);
  } finally {
    await floor.stop();
  }
  return {
    fresh: async (faults, log) => {
      const stateDir = join(dir, 'floor');
      await rm(stateDir, { recursive: true, force: true });
      await cp(template, stateDir, { recursive: true });
      const started = await startFloor({ stateDir, keep: true, log, ...(faults && { faults }) });
      const stop = async (evidence: string | null): Promise<void> => {
        await started.stop();
        if (evidence !== null) await rename(stateDir, evidence);
        else await rm(stateDir, { recursive: true, force: true });
      };
      return { ...started, stop };
    },
  };
};
