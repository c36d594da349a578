import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { STAGES, type Stage } from '@music-etl/contracts';
import { withStack } from '@music-etl/local';
import { UserError } from '../shared/errors.ts';
import { duration } from '../shared/format.ts';
import { mapLimit } from '../shared/map-limit.ts';
import type { Deploy, RunningStack, Screen } from '../shared/ports.ts';
import { binary, ROOT } from '../shared/repository.ts';
import { withLock } from './file-lock.ts';

const AT_ONCE = 2;
const SHOWN = 15;

/** How often a deployment asks for its stack; 5 s are for AWS's sake. */
const ASK_EVERY_MS = '500';

const running = new Set<ChildProcess>();
/** A deployment never outlives the command that asked for it. */
process.on('exit', () => {
  for (const child of running) child.kill('SIGTERM');
});

const serverless = (stage: Stage, args: readonly string[], localStack: RunningStack, log: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const out = createWriteStream(log, { flags: 'a' });
    const child = spawn(binary('serverless'), [...args], {
      cwd: join(ROOT, 'services', stage),
      env: { ...withStack(localStack.env), SLS_AWS_MONITORING_FREQUENCY: ASK_EVERY_MS },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    running.add(child);
    child.stdout.pipe(out, { end: false });
    child.stderr.pipe(out, { end: false });
    child.on('error', reject);
    child.on('close', (code) => {
      running.delete(child);
      out.end();
      finished(out).then(() => resolve(code ?? 1), reject);
    });
  });

const lastLines = async (log: string): Promise<string> =>
  (await readFile(log, 'utf8')).trimEnd().split('\n').slice(-SHOWN).join('\n');

/** Settings of a deployment to a local stack: a stage of params.yml. */
export type StackStage = 'local' | 'faults';

type Target = { localStack: RunningStack; dir: string; settings: StackStage };

const deployStage = async (stage: Stage, { localStack, dir, settings }: Target, screen: Screen): Promise<void> => {
  const began = Date.now();
  const log = join(dir, `deploy-${stage}.log`);
  // The build directories lie in the service: two local stacks of one checkout deploy it one after the other.
  const code = await withLock(join(ROOT, 'node_modules', '.cache', `music-etl-deploy-${stage}.lock`), () =>
    serverless(stage, ['deploy', '--stage', settings], localStack, log),
  );
  if (code !== 0) {
    throw new UserError(`deploying ${stage} failed:\n${await lastLines(log)}`, `the whole output is in ${log}`, 1);
  }
  screen.line(`  deployed ${stage.padEnd(8)} in ${duration(Date.now() - began)}`);
};

/** `sls deploy` of the five services; ingest first, which owns the bucket. Their output goes to files in `dir`. */
export const deployInto =
  (dir: string, settings: StackStage = 'local'): Deploy =>
  async (localStack, screen) => {
    await mkdir(dir, { recursive: true });
    const [first, ...rest] = STAGES;
    const target = { localStack, dir, settings };
    const began = Date.now();
    const timer = setInterval(() => screen.progress(`deploying, ${duration(Date.now() - began)}`), 1000);
    try {
      await deployStage(first, target, screen);
      await mapLimit(rest, AT_ONCE, (stage) => deployStage(stage, target, screen));
    } finally {
      clearInterval(timer);
      screen.progress('');
    }
  };
