import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { STAGES, type Stage } from '@music-etl/contracts';
import { UserError } from '../shared/errors.ts';
import { duration } from '../shared/format.ts';
import { mapLimit } from '../shared/map-limit.ts';
import type { Screen } from '../shared/ports.ts';
import { ROOT } from '../shared/repository.ts';
import { withLock } from './file-lock.ts';
import type { RunningStack } from './running-stack.ts';
import { serverless } from './serverless.ts';

const AT_ONCE = 2;
const SHOWN = 15;
/** It owns the bucket, so it is deployed before the others. */
const FIRST: Stage = 'ingest';

const lastLines = async (log: string): Promise<string> =>
  (await readFile(log, 'utf8')).trimEnd().split('\n').slice(-SHOWN).join('\n');

/** Settings of a deployment to a local stack: a stage of params.yml. */
type Settings = 'local' | 'faults';

interface Deployment {
  stack: Pick<RunningStack, 'env'>;
  /** The output of each service's deployment goes to a file in here. */
  dir: string;
  settings: Settings;
}

const deployStage = async (stage: Stage, { stack, dir, settings }: Deployment, screen: Screen): Promise<void> => {
  const began = Date.now();
  const log = join(dir, `deploy-${stage}.log`);
  // The build directories lie in the service: two local stacks of one checkout deploy it one after the other.
  const code = await withLock(join(ROOT, 'node_modules', '.cache', `music-etl-deploy-${stage}.lock`), () =>
    serverless(stage, ['deploy', '--stage', settings], stack.env, log),
  );
  if (code !== 0) {
    throw new UserError(`deploying ${stage} failed:\n${await lastLines(log)}`, `the whole output is in ${log}`, 1);
  }
  screen.line(`  deployed ${stage.padEnd(8)} in ${duration(Date.now() - began)}`);
};

/** Deploys every service to a local stack and prints the progress. */
export type Deploy = (stack: RunningStack, screen: Screen) => Promise<void>;

/** Returns a function that runs `sls deploy` for every service; their output goes to files in `dir`. */
export const deployInto =
  (dir: string, settings: Settings = 'local'): Deploy =>
  async (stack, screen) => {
    await mkdir(dir, { recursive: true });
    const deployment = { stack, dir, settings };
    const others = STAGES.filter((stage) => stage !== FIRST);
    const began = Date.now();
    const timer = setInterval(() => screen.progress(`deploying, ${duration(Date.now() - began)}`), 1000);
    try {
      await deployStage(FIRST, deployment, screen);
      await mapLimit(others, AT_ONCE, (stage) => deployStage(stage, deployment, screen));
    } finally {
      clearInterval(timer);
      screen.progress('');
    }
  };
