import { mkdirSync, mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { connect } from './clients.ts';
import { floorEnvironment } from './environment.ts';
import { chain, type Interceptor } from './gateway/exchange.ts';
import { forwardTo } from './gateway/forward.ts';
import { startGateway } from './gateway/server.ts';
import { startMiniStack } from './ministack.ts';
import type { PublishWrapper } from './services.ts';
import { addServices } from './services.ts';
import { claimStateDir, readPort, releaseStateDir, writePort } from './state-dir.ts';

export type FloorOptions = {
  /** Where the floor keeps everything; one floor at a time. */
  stateDir: string;
  /** Keep the state on stop, and continue from it on the next start. Default: it goes with the floor. */
  keep?: boolean;
  log?: (line: string) => void;
  /** Outermost links of the gateway: where tests break things. */
  interceptors?: readonly Interceptor[];
  /** Wraps the publishing of Glue's events: where tests lose, delay, repeat and reorder them. */
  wrapPublish?: PublishWrapper;
  /** How long a minute of a job's Timeout lasts; 60,000 by default. */
  glueMinuteMs?: number;
};

export type Floor = {
  /** The gateway: what AWS_ENDPOINT_URL names. */
  endpoint: string;
  /** What a process needs to take the floor for AWS, and the tools of this repository on its PATH. */
  env: Record<string, string>;
  /** Ends everything the floor started; resolves when nothing is left. */
  stop: () => Promise<void>;
};

const OWNED = ['ministack', 'glue', 'tmp', 'logs', 'gateway.port', 'ministack.lock'] as const;

/** Starts the floor: `const floor = await startFloor({ stateDir: '.music-etl/floor' })`. */
export const startFloor = async (options: FloorOptions): Promise<Floor> => {
  const stateDir = resolve(options.stateDir);
  const log = options.log ?? (() => {});
  const keepState = options.keep === true;
  mkdirSync(stateDir, { recursive: true });
  claimStateDir(stateDir);
  const ends: (() => Promise<void>)[] = [async () => releaseStateDir(stateDir)];
  const stop = async (): Promise<void> => {
    for (const end of ends.splice(0).reverse()) await end();
  };
  try {
    if (!keepState) ends.push(async () => removeOwned(stateDir));
    const gateway = await startGateway(readPort(stateDir));
    ends.push(gateway.close);
    writePort(stateDir, gateway.port);
    const { endpoint, port } = gateway;
    // Unix sockets have short paths, state directories may not.
    const runtimeDir = mkdtempSync(join(tmpdir(), 'music-etl-'));
    mkdirSync(join(stateDir, 'tmp'), { recursive: true });
    mkdirSync(join(stateDir, 'logs'), { recursive: true });
    const temporary = mkdtempSync(join(stateDir, 'tmp', 'floor-'));
    ends.push(async () => rm(temporary, { recursive: true, force: true }));
    const socket = join(runtimeDir, 'ministack.sock');
    const forward = forwardTo(socket);
    const clients = connect(endpoint);
    const services = addServices({ clients, endpoint, stateDir, temporary, log, ...pickServiceOptions(options) });
    ends.push(async () => services.zygoteEnd());
    const ministack = await startMiniStack({ endpoint, port, stateDir, socket, runtimeDir, temporary, keepState, log });
    ends.push(async () => {
      await ministack.end();
      forward.close();
      clients.close();
    });
    gateway.open(chain([...(options.interceptors ?? []), ...services.interceptors], forward.next));
    ends.push(services.end);
    services.begin();
    return { endpoint, env: floorEnvironment(endpoint), stop };
  } catch (error) {
    await stop();
    throw error;
  }
};

const pickServiceOptions = ({ wrapPublish, glueMinuteMs }: FloorOptions) => ({
  wrapPublish: wrapPublish ?? ((publish) => publish),
  glueMinuteMs: glueMinuteMs ?? 60_000,
});

const removeOwned = async (stateDir: string): Promise<void> => {
  for (const name of OWNED) await rm(join(stateDir, name), { recursive: true, force: true });
};
