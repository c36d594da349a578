import { cp, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type FaultOptions, type LocalStack, startStack } from '@music-etl/local';
import type { Screen } from '../../../cli/src/shared/ports.ts';
import { deployInto } from '../../../cli/src/stack/deploy.ts';
import { freePort } from './free-port.ts';

/** A local stack that removes its state when it stops, unless the state is moved to `evidence`. */
export interface FreshStack extends Omit<LocalStack, 'stop'> {
  stop(evidence: string | null): Promise<void>;
}

/** Starts any number of local stacks, one after the other, with the five services and no data. */
export interface FreshStacks {
  start(faults: FaultOptions | null, log: (line: string) => void): Promise<FreshStack>;
}

/** Deploys the five services to a local stack and stops it. Returns the directory of its state. */
export const deployOnce = async (dir: string, screen: Screen): Promise<string> => {
  const template = join(dir, 'deployed');
  await mkdir(template, { recursive: true });
  const localStack = await startStack({ stateDir: template, keep: true, log: screen.line });
  try {
    await deployInto(join(dir, 'deploy'), 'faults')(localStack, screen);
  } finally {
    await localStack.stop();
  }
  return template;
};

/** Changes the port in queue URLs, which the emulator's state and the environment of functions contain. */
const changePort = async (stateDir: string, port: number): Promise<void> => {
  const before = await readFile(join(stateDir, 'gateway.port'), 'utf8');
  const states = join(stateDir, 'ministack', 'state');
  for (const name of (await readdir(states)).filter((each) => each.endsWith('.json'))) {
    const text = await readFile(join(states, name), 'latin1');
    await writeFile(join(states, name), text.replaceAll(`127.0.0.1:${before}`, `127.0.0.1:${port}`), 'latin1');
  }
  await writeFile(join(stateDir, 'gateway.port'), String(port));
};

/** Copies a deployed state and gives it a port of its own, so that it can run beside others. */
export const copyDeployed = async (template: string, copy: string): Promise<void> => {
  await cp(template, copy, { recursive: true });
  await changePort(copy, await freePort());
};

/** Creates fresh local stacks in `dir` from a deployed state. */
export const freshStacks = async (template: string, dir: string): Promise<FreshStacks> => {
  const own = join(dir, 'template');
  await copyDeployed(template, own);
  return {
    start: async (faults, log) => {
      const stateDir = join(dir, 'stack');
      await rm(stateDir, { recursive: true, force: true });
      await cp(own, stateDir, { recursive: true });
      const started = await startStack({ stateDir, keep: true, log, ...(faults && { faults }) });
      const stop = async (evidence: string | null): Promise<void> => {
        await started.stop();
        if (evidence !== null) await rename(stateDir, evidence);
        else await rm(stateDir, { recursive: true, force: true });
      };
      return { ...started, stop };
    },
  };
};
