import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { connect } from './clients.ts';
import { stackEnvironment } from './environment.ts';
import { createFaults, FAULTY_MINUTE_MS, type FaultOptions, type Faults, NO_FAULTS } from './faults/index.ts';
import { chain, type Interceptor } from './gateway/exchange.ts';
import { forwardTo } from './gateway/forward.ts';
import { startGateway } from './gateway/server.ts';
import { startMiniStack } from './ministack.ts';
import type { Publish, PublishWrapper } from './services.ts';
import { addServices } from './services.ts';
import { claimStateDir, clearState, makeWorkDirectories, readPort, releaseStateDir, writePort } from './state-dir.ts';

export type StackOptions = {
  /** Where the local stack keeps everything; one local stack at a time. */
  stateDir: string;
  /** Keep the state on stop, and continue from it on the next start. Default: it goes with the local stack. */
  keep?: boolean;
  log?: (line: string) => void;
  /** Outermost links of the gateway: where tests break things. */
  interceptors?: readonly Interceptor[];
  /** Wraps the publishing of Glue's events: where tests lose, delay, repeat and reorder them. */
  wrapPublish?: PublishWrapper;
  /** How long a minute of a job's Timeout lasts; by default 60,000, with faults far less. */
  glueMinuteMs?: number;
  /** Breaks things on purpose, the same things for the same seed. */
  faults?: FaultOptions;
};

export type LocalStack = {
  /** The gateway: what AWS_ENDPOINT_URL names. */
  endpoint: string;
  /** What a process needs to take the local stack for AWS, and the tools of this repository on its PATH. */
  env: Record<string, string>;
  /** How often each kind of fault was injected; empty on a local stack without faults. */
  faultCounts: () => Readonly<Record<string, number>>;
  /** Ends everything the local stack started; resolves when nothing is left. */
  stop: () => Promise<void>;
};

/** Starts the local stack: `const local stack = await startStack({ stateDir: '.music-etl/local stack' })`. */
export const startStack = async (options: StackOptions): Promise<LocalStack> => {
  const stateDir = resolve(options.stateDir);
  const log = options.log ?? (() => {});
  const keepState = options.keep === true;
  mkdirSync(stateDir, { recursive: true });
  claimStateDir(stateDir);
  const ends: (() => Promise<void>)[] = [async () => releaseStateDir(stateDir)];
  let stopping: Promise<void> | null = null;
  const stop = (): Promise<void> => {
    stopping ??= (async () => {
      for (const end of ends.toReversed()) {
        await end().catch((error: unknown) => log(`while stopping: ${error instanceof Error ? error.message : error}`));
      }
    })();
    return stopping;
  };
  try {
    if (!keepState) {
      clearState(stateDir);
      ends.push(async () => clearState(stateDir));
    }
    const gateway = await startGateway(readPort(stateDir));
    ends.push(gateway.close);
    const { endpoint, port } = gateway;
    writePort(stateDir, port);
    const { temporary, runtime: runtimeDir } = makeWorkDirectories(stateDir);
    const socket = join(runtimeDir, 'ministack.sock');
    const forward = forwardTo(socket);
    const clients = connect(endpoint);
    const faults = options.faults ? createFaults(options.faults) : NO_FAULTS;
    const services = addServices({ clients, endpoint, stateDir, temporary, log, ...serviceOptions(options, faults) });
    ends.push(async () => services.preforkEnd());
    const ministack = await startMiniStack({ endpoint, port, stateDir, socket, runtimeDir, temporary, keepState, log });
    ends.push(async () => {
      await ministack.end();
      forward.close();
      clients.close();
    });
    gateway.open(chain([...(options.interceptors ?? []), faults.interceptor, ...services.interceptors], forward.next));
    ends.push(services.end);
    services.begin();
    ends.push(faults.begin(clients));
    return { endpoint, env: stackEnvironment(endpoint), faultCounts: faults.counts, stop };
  } catch (error) {
    await stop();
    throw error;
  }
};

const serviceOptions = ({ wrapPublish, glueMinuteMs, faults: faultOptions }: StackOptions, faults: Faults) => ({
  wrapPublish: (publish: Publish) => faults.wrapPublish(wrapPublish ? wrapPublish(publish) : publish),
  wrapExecute: faults.wrapExecute,
  glueMinuteMs: glueMinuteMs ?? (faultOptions ? FAULTY_MINUTE_MS : 60_000),
});
