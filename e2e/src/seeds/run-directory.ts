import { type FileHandle, mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { FaultOptions } from '@music-etl/local';
import { exportTo } from '../../../cli/src/export/export-to.ts';
import { putAll } from '../../../cli/src/put/put.ts';
import { type FaultReport, reportFaults } from '../../../cli/src/run/faults.ts';
import { readInputDirectory } from '../../../cli/src/run/input-directory.ts';
import { reportRun } from '../../../cli/src/run/run-report.ts';
import { realClock } from '../../../cli/src/shared/clock.ts';
import { watchUntilTerminal } from '../../../cli/src/shared/pipeline/watch.ts';
import type { Clock, Screen } from '../../../cli/src/shared/ports.ts';
import { type Reached, reachTarget } from '../../../cli/src/shared/reach.ts';
import { chooseTarget } from '../../../cli/src/shared/target.ts';
import { readExport } from '../tool.ts';
import type { FreshStack, FreshStacks } from './deployed.ts';

/** Longer than any pause of a run that goes on by itself. */
const PATIENCE = { quietMs: 20_000, stallMs: 240_000 };

/** Observes less often than the tool: each time makes a dozen requests, and other local stacks run beside this one. */
const SLOW_CLOCK: Clock = { now: realClock.now, sleep: (ms) => realClock.sleep(3 * ms) };

/** The result of a directory's run. `exported` is null if the run did not end by itself. */
export interface DirectoryRun {
  readonly exported: Record<string, string> | null;
  readonly why: readonly string[];
  readonly faults: FaultReport | null;
}

export interface RunOptions {
  readonly stacks: FreshStacks;
  readonly data: string;
  /** Gets the log and the export; and the local stack's state, if the result is not as expected. */
  readonly dir: string;
  readonly faults: FaultOptions | null;
  /** Gets the export, if it is to be kept. */
  readonly out?: string;
  readonly isExpected: (run: DirectoryRun) => boolean;
}

const putAndExport = async (
  localStack: FreshStack,
  reached: Reached,
  screen: Screen,
  options: RunOptions,
): Promise<DirectoryRun> => {
  const { uploads } = await readInputDirectory(options.data);
  const expected = await putAll(reached.objects, uploads, screen);
  const deps = { look: () => reached.look(), screen, clock: SLOW_CLOCK };
  const { outcome, snapshot } = await watchUntilTerminal(deps, expected, PATIENCE);
  const report = reportRun(snapshot, expected, outcome, await reached.queues.deadLetterMessages(snapshot.queues));
  const faults = await reportFaults(localStack, reached.objects);
  if (outcome.kind !== 'terminal') {
    const attention = report.attention.map(({ about, state, sentence }) => `${about} ${state}: ${sentence}`);
    return { exported: null, why: [outcome.kind, ...attention], faults };
  }
  const out = options.out ?? join(options.dir, 'export');
  const { incomplete } = await exportTo(reached, screen, out);
  const why = [...report.imbalances, ...incomplete.map((date) => `${date} is incomplete`)];
  return { exported: await readExport(out), why, faults };
};

const runOnFreshStack = async (options: RunOptions, log: FileHandle): Promise<DirectoryRun> => {
  const line = (text: string): void => void log.appendFile(`${new Date().toISOString()} ${text}\n`);
  const screen = { line, progress: () => {} };
  const localStack = await options.stacks.start(options.faults, line);
  const reached = reachTarget(chooseTarget({}, localStack));
  let evidence: string | null = join(options.dir, 'stack');
  try {
    const run = await putAndExport(localStack, reached, screen, options);
    if (options.isExpected(run)) evidence = null;
    return run;
  } finally {
    reached.close();
    await localStack.stop(evidence);
  }
};

/** Runs a directory on a fresh local stack, as `music-etl run` does. Removes `dir` if the result is as expected. */
export const runDirectory = async (options: RunOptions): Promise<DirectoryRun> => {
  await mkdir(options.dir, { recursive: true });
  const log = await open(join(options.dir, 'log.txt'), 'a');
  try {
    const run = await runOnFreshStack(options, log);
    if (options.isExpected(run)) await rm(options.dir, { recursive: true, force: true });
    return run;
  } finally {
    await log.close();
  }
};
