import { randomBytes, randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import type { Clients } from './clients.ts';
import { REGION } from './environment.ts';
import { emulatedBus } from './events/bus.ts';
import { type BusEvent, glueStateChange } from './events/event.ts';
import { createFanOut } from './events/fan-out.ts';
import type { Interceptor } from './gateway/exchange.ts';
import { glueInterceptor } from './gateway/glue.ts';
import { moveTaskInterceptor, sourceQueuesInterceptor } from './gateway/move-tasks.ts';
import { createExecutor, type Executor } from './glue/execute.ts';
import { findJobIn } from './glue/find-job.ts';
import type { Announce, Execute } from './glue/ports.ts';
import { startPrefork } from './glue/prefork.ts';
import { fileRunStore } from './glue/run-store.ts';
import { createGlueRuns } from './glue/runs.ts';
import { createMoveTasks } from './sqs/move-tasks.ts';
import { emulatedQueues } from './sqs/queues.ts';

export type Publish = (event: BusEvent) => void;
export type PublishWrapper = (publish: Publish) => Publish;

type ServicesOptions = {
  clients: Clients;
  endpoint: string;
  stateDir: string;
  temporary: string;
  log: (line: string) => void;
  wrapPublish: PublishWrapper;
  wrapExecute: (execute: Execute) => Execute;
  glueMinuteMs: number;
};

export type Services = {
  interceptors: readonly Interceptor[];
  /** Closes the runs that a former local stack left unfinished. Call it once the emulator responds. */
  begin: () => void;
  end: () => Promise<void>;
  preforkEnd: () => Promise<void>;
};

/** Returns a function that publishes the end of a run as EventBridge would. */
const announcer = ({ clients, log }: ServicesOptions, publish: Publish): Announce => {
  let account: Promise<string> | null = null;
  const accountId = async (): Promise<string> =>
    (await clients.sts.send(new GetCallerIdentityCommand({}))).Account ?? '000000000000';
  return (run) => {
    account ??= accountId();
    const origin = { id: randomUUID(), region: REGION, at: Date.now() };
    void account
      .then((id) => publish(glueStateChange(run, { ...origin, account: id })))
      .catch((error: unknown) => log(`event of ${run.Id} not published: ${error}`));
  };
};

const startExecutor = (options: ServicesOptions): { executor: Executor; preforkEnd: () => Promise<void> } => {
  const { clients, endpoint, stateDir, log } = options;
  const [workRoot, cache] = [join(options.temporary, 'glue'), join(stateDir, 'glue', 'cache')];
  for (const directory of [workRoot, cache]) mkdirSync(directory, { recursive: true });
  const prefork = startPrefork({ logFile: join(stateDir, 'logs', 'glue.log'), temporary: workRoot, cwd: stateDir });
  return {
    executor: createExecutor({ clients, prefork, endpoint, workRoot, cache, log }),
    preforkEnd: prefork.end,
  };
};

/** Creates what the local stack adds to the emulator: Glue's runs and their events, SQS's move tasks. */
export const addServices = (options: ServicesOptions): Services => {
  const { clients, stateDir, log } = options;
  const fanOut = createFanOut({ ports: emulatedBus(clients), log });
  const { executor, preforkEnd } = startExecutor(options);
  const findJob = findJobIn(clients, log);
  const runs = createGlueRuns({
    store: fileRunStore(join(stateDir, 'glue', 'runs.jsonl')),
    findJob,
    execute: options.wrapExecute(executor.execute),
    announce: announcer(options, options.wrapPublish(fanOut.publish)),
    now: Date.now,
    newId: () => `jr_${randomBytes(32).toString('hex')}`,
    minuteMs: options.glueMinuteMs,
  });
  const queues = emulatedQueues(clients);
  const moveTasks = createMoveTasks({ queues, now: Date.now, newId: randomUUID, log });
  return {
    interceptors: [glueInterceptor({ runs, findJob }), moveTaskInterceptor(moveTasks), sourceQueuesInterceptor(queues)],
    begin: runs.recover,
    end: async () => {
      await Promise.all([runs.end(), fanOut.end(), moveTasks.end()]);
      await executor.finish();
    },
    preforkEnd,
  };
};
