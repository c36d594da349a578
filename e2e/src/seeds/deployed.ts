import { cp, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { type FaultOptions, type LocalStack, startStack } from '@music-etl/local';
import type { Screen } from '../../../cli/src/shared/ports.ts';
import { deployInto } from '../../../cli/src/stack/deploy.ts';

/** A local stack that goes with everything it has, unless its state is to be kept somewhere as evidence. */
export interface FreshStack extends Omit<LocalStack, 'stop'> {
  stop(evidence: string | null): Promise<void>;
}

/** The kept state of a local stack with the five services and nothing else, to start any number of fresh local stacks from. */
export interface Deployed {
  fresh(faults: FaultOptions | null, log: (line: string) => void): Promise<FreshStack>;
}

/** Deploys to a local stack and stops it. @returns where its state lies. */
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

/** Where gateways listen (local/src/gateway/server.ts); all of these have five digits. */
const LOWEST_PORT = 21_000;
const PORTS = 10_000;

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });

const freePort = async (): Promise<number> => {
  for (;;) {
    const port = LOWEST_PORT + Math.floor(Math.random() * PORTS);
    if (await isFree(port)) return port;
  }
};

/** Queue URLs, in the emulator's state as in the functions' environment, name the local stack's port. */
const moveTo = async (stateDir: string, port: number): Promise<void> => {
  const before = await readFile(join(stateDir, 'gateway.port'), 'utf8');
  const states = join(stateDir, 'ministack', 'state');
  for (const name of (await readdir(states)).filter((each) => each.endsWith('.json'))) {
    const text = await readFile(join(states, name), 'latin1');
    await writeFile(join(states, name), text.replaceAll(`127.0.0.1:${before}`, `127.0.0.1:${port}`), 'latin1');
  }
  await writeFile(join(stateDir, 'gateway.port'), String(port));
};

/** A copy of a deployed state that can run beside others: it has a port of its own. */
export const copyDeployed = async (template: string, copy: string): Promise<void> => {
  await cp(template, copy, { recursive: true });
  await moveTo(copy, await freePort());
};

/** Fresh local stacks in `dir`, one after the other. */
export const floorsOf = async (template: string, dir: string): Promise<Deployed> => {
  const own = join(dir, 'moved');
  await copyDeployed(template, own);
  return {
    fresh: async (faults, log) => {
      const stateDir = join(dir, 'localStack');
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
