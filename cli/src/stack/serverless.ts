import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import type { Stage } from '@music-etl/contracts';
import { withStack } from '@music-etl/local';
import { binary, ROOT } from '../shared/repository.ts';

/** How often a deployment polls its CloudFormation stack; the default of 5 s spares AWS, not the local stack. */
const POLL_MS = '500';

const running = new Set<ChildProcess>();
/** A deployment never outlives the command that started it. */
process.on('exit', () => {
  for (const child of running) child.kill('SIGTERM');
});

/** Runs the Serverless Framework in a service's folder. Appends its output to `log`; returns its exit code. */
export const serverless = (
  stage: Stage,
  args: readonly string[],
  env: Record<string, string>,
  log: string,
): Promise<number> =>
  new Promise((resolve, reject) => {
    const out = createWriteStream(log, { flags: 'a' });
    const child = spawn(binary('serverless'), [...args], {
      cwd: join(ROOT, 'services', stage),
      env: { ...withStack(env), SLS_AWS_MONITORING_FREQUENCY: POLL_MS },
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
