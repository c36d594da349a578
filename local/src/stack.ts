import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { connect } from './clients.ts';
import { stackEnvironment } from './environment.ts';
import { errorText } from './error-text.ts';
import { createFaults, FAULTY_MINUTE_MS, type FaultOptions, type Faults, NO_FAULTS } from './faults/index.ts';
import { chain, type Interceptor } from './gateway/exchange.ts';
import { forwardTo } from './gateway/forward.ts';
import { startGateway } from './gateway/server.ts';
import { startMiniStack } from './ministack.ts';
import { addServices, type Publish, type PublishWrapper } from './services.ts';
import { claimStateDir, clearState, makeWorkDirectories, readPort, releaseStateDir, writePort } from './state-dir.ts';

export type StackOptions = {
  /** The directory of all state; one local stack at a time uses it. */
  stateDir: string;
  /** Keeps the state on stop and continues from it on the next start. By default the state is removed. */
  keep?: boolean;
  log?: (line: string) => void;
  /** The outermost interceptors of the gateway, with which tests inject faults. */
  interceptors?: readonly Interceptor[];
  /** Wraps the publishing of Glue's events, so that tests lose, delay, repeat and reorder them. */
  wrapPublish?: PublishWrapper;
  /** The length of a minute of a job's Timeout: by default 60,000, with faults far less. */
  glueMinuteMs?: number;
  /** Injects random faults, the same for the same seed. */
  faults?: FaultOptions;
};

export type LocalStack = {
  /** The gateway's URL, for AWS_ENDPOINT_URL. */
  endpoint: string;
  /** The environment in which a process uses the local stack in place of AWS and finds this repository's tools. */
  env: Record<string, string>;
  /** Returns how often each kind of fault was injected; empty on a local stack without faults. */
  faultCounts: () => Readonly<Record<string, number>>;
  /** Ends everything that the local stack started; resolves when nothing is left. */
  stop: () => Promise<void>;
};

type Cleanup = () => Promise<void>;

/** Returns a function that runs the steps in reverse order, once, and logs those that fail. */
const stopper = (cleanups: readonly Cleanup[], log: (line: string) => void): Cleanup => {
  let stopping: Promise<void> | null = null;
  return () => {
    stopping ??= (async () => {
      for (const cleanup of cleanups.toReversed()) {
        await cleanup().catch((error: unknown) => log(`while stopping: ${errorText(error)}`));
      }
    })();
    return stopping;
  };
};

const serviceOptions = ({ wrapPublish, glueMinuteMs, faults: faultOptions }: StackOptions, faults: Faults) => ({
  wrapPublish: (publish: Publish) => faults.wrapPublish(wrapPublish ? wrapPublish(publish) : publish),
  wrapExecute: faults.wrapExecute,
  glueMinuteMs: glueMinuteMs ?? (faultOptions ? FAULTY_MINUTE_MS : 60_000),
});

/** Starts all parts in order and adds the end of each to `cleanups`, so that a failed start ends what it began. */
const startParts = async (options: StackOptions, stateDir: string, cleanups: Cleanup[]) => {
  const { keep: keepState = false, log = () => {} } = options;
  if (!keepState) {
    clearState(stateDir);
    cleanups.push(async () => clearState(stateDir));
  }
  const gateway = await startGateway(readPort(stateDir));
  cleanups.push(gateway.close);
  const { endpoint, port } = gateway;
  writePort(stateDir, port);
  const { temporary, runtime: runtimeDir } = makeWorkDirectories(stateDir);
  const socket = join(runtimeDir, 'ministack.sock');
  const forward = forwardTo(socket);
  const clients = connect(endpoint);
  const faults = options.faults ? createFaults(options.faults) : NO_FAULTS;
  const services = addServices({ clients, endpoint, stateDir, temporary, log, ...serviceOptions(options, faults) });
  cleanups.push(async () => services.preforkEnd());
  const ministack = await startMiniStack({ endpoint, port, stateDir, socket, runtimeDir, temporary, keepState, log });
  cleanups.push(async () => {
    await ministack.end();
    forward.close();
    clients.close();
  });
  gateway.open(chain([...(options.interceptors ?? []), faults.interceptor, ...services.interceptors], forward.next));
  cleanups.push(services.end);
  services.begin();
  cleanups.push(faults.begin(clients));
  return { endpoint, env: stackEnvironment(endpoint), faultCounts: faults.counts };
};

/** Starts the local stack: `const localStack = await startStack({ stateDir: '.music-etl' })`. */
export const startStack = async (options: StackOptions): Promise<LocalStack> => {
  const stateDir = resolve(options.stateDir);
  mkdirSync(stateDir, { recursive: true });
  claimStateDir(stateDir);
  const cleanups: Cleanup[] = [async () => releaseStateDir(stateDir)];
  const stop = stopper(cleanups, options.log ?? (() => {}));
  try {
    return { ...(await startParts(options, stateDir, cleanups)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
};
