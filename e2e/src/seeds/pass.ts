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
import type { Deployed, FreshStack } from './deployed.ts';

/** What nothing moves in for so long will not move by itself. */
const PATIENCE = { quietMs: 20_000, stallMs: 240_000 };

/** Nobody looks on: every look is a dozen requests that the local stacks beside would rather have. */
const UNHURRIED: Clock = { now: realClock.now, sleep: (ms) => realClock.sleep(3 * ms) };

/** How a directory went through a local stack. `exported` is null where it did not come to its end by itself. */
export interface Pass {
  readonly exported: Record<string, string> | null;
  readonly why: readonly string[];
  readonly faults: FaultReport | null;
}

export interface PassOptions {
  readonly deployed: Deployed;
  readonly data: string;
  /** What happens, the export and, where `isGood` says no, the local stack's whole state. */
  readonly dir: string;
  readonly faults: FaultOptions | null;
  /** Where the export goes, if it is to stay. */
  readonly out?: string;
  readonly isGood: (pass: Pass) => boolean;
}

const awaitTerminal = async (
  localStack: FreshStack,
  reached: Reached,
  screen: Screen,
  options: PassOptions,
): Promise<Pass> => {
  const { uploads } = await readInputDirectory(options.data);
  const expected = await putAll(reached.objects, uploads, screen);
  const deps = { look: () => reached.look(), screen, clock: UNHURRIED };
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

const through = async (options: PassOptions, log: FileHandle): Promise<Pass> => {
  const line = (text: string): void => void log.appendFile(`${new Date().toISOString()} ${text}\n`);
  const screen = { line, progress: () => {} };
  const localStack = await options.deployed.fresh(options.faults, line);
  const reached = reachTarget(chooseTarget({}, localStack));
  let evidence: string | null = join(options.dir, 'localStack');
  try {
    const pass = await awaitTerminal(localStack, reached, screen, options);
    if (options.isGood(pass)) evidence = null;
    return pass;
  } finally {
    reached.close();
    await localStack.stop(evidence);
  }
};

/** Everything in a directory through a fresh local stack, as `music-etl run` does it. Leaves nothing where all was good. */
export const passThrough = async (options: PassOptions): Promise<Pass> => {
  await mkdir(options.dir, { recursive: true });
  const log = await open(join(options.dir, 'log.txt'), 'a');
  try {
    const pass = await through(options, log);
    if (options.isGood(pass)) await rm(options.dir, { recursive: true, force: true });
    return pass;
  } finally {
    await log.close();
  }
};
