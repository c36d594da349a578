import { type ChildProcess, fork } from 'node:child_process';
import { mkdirSync, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { SeedRecord } from './record.ts';

const WORKER = join(import.meta.dirname, 'worker.ts');

/** The inputs of the workers. They run the seeds in `open` and report each result to `done`. */
export type Work = {
  readonly dir: string;
  readonly template: string;
  readonly data: string;
  readonly baseline: string;
  readonly evidence: string;
  readonly level: string;
  readonly open: number[];
  readonly done: (record: SeedRecord) => void;
};

const workers = new Set<ChildProcess>();
let interrupted = false;

/** Kills all workers. Their seeds have no result, because it is no fault of theirs. */
export const interruptWorkers = (): void => {
  interrupted = true;
  for (const worker of workers) worker.kill('SIGKILL');
};

/** The record of a seed whose worker broke off. The next worker goes on with the next seed. */
const brokenOff = (seed: number, level: string): SeedRecord => {
  const nothing = { injected: {}, attempts: 0, seconds: 0, memory: 0 };
  return { seed, level, outcome: 'incomplete', why: ['the worker ended'], ...nothing };
};

/** Runs one worker until there are no seeds. Resolves to true if it broke off. */
const runWorker = (own: string, { template, data, baseline, evidence, level, open, done }: Work): Promise<boolean> =>
  new Promise((resolve) => {
    const log = openSync(join(evidence, 'workers.log'), 'a');
    const child = fork(WORKER, [own, template, data, baseline, evidence, level], {
      stdio: ['ignore', log, log, 'ipc'],
      execArgv: ['--import', 'tsx'],
    });
    workers.add(child);
    let seed: number | undefined;
    let finished = false;
    const sendNext = (): void => {
      seed = open.shift();
      finished = seed === undefined;
      if (seed === undefined) child.disconnect();
      else child.send(seed);
    };
    child.on('message', (message) => {
      if (message !== 'ready') done(SeedRecord.parse(message));
      sendNext();
    });
    child.on('exit', () => {
      workers.delete(child);
      const broke = !finished && !interrupted && seed !== undefined;
      if (broke && seed !== undefined) done(brokenOff(seed, level));
      resolve(broke);
    });
  });

/** Runs workers one after the other, until one has ended without breaking off. */
const runLane = async (work: Work, lane: number): Promise<void> => {
  for (let n = 0; work.open.length > 0; n += 1) {
    const own = join(work.dir, `worker-${lane}-${n}`);
    mkdirSync(own);
    const broke = await runWorker(own, work);
    rmSync(own, { recursive: true, force: true });
    if (!broke) return;
  }
};

/** Runs all open seeds with `count` workers at once. */
export const runWorkers = async (work: Work, count: number): Promise<void> => {
  const lanes = Array.from({ length: Math.min(count, work.open.length) }, (_, lane) => runLane(work, lane));
  await Promise.all(lanes);
};
