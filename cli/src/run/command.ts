import { join } from 'node:path';
import type { Command } from 'commander';
import { checkExportTarget } from '../export/export-directory.ts';
import { exportTo } from '../export/export-to.ts';
import { realClock } from '../shared/clock.ts';
import { UserError } from '../shared/errors.ts';
import { onInterrupt } from '../shared/interrupt.ts';
import type { Screen } from '../shared/ports.ts';
import { reachTarget } from '../shared/reach.ts';
import { openScreen } from '../shared/screen.ts';
import { deployInto } from '../stack/deploy.ts';
import { parseEngine } from '../stack/engines.ts';
import { stackTarget, stopStarted } from '../stack/running-stack.ts';
import { type StackInDirectory, startTemporaryStack } from '../stack/temporary-stack.ts';
import { parseFaults } from './faults.ts';
import { readInputDirectory } from './input-directory.ts';
import { renderRun } from './render.ts';
import { type RunDeps, runAll } from './run.ts';
import type { RunReport } from './run-report.ts';

interface Options {
  export: string;
  engine: string;
  json?: boolean;
  patience: string;
  faults?: string;
}

const QUIET_MS = 10_000;

const patienceOf = (text: string): number => {
  const minutes = Number(text);
  if (Number.isFinite(minutes) && minutes > 0) return minutes * 60_000;
  throw new UserError(`--patience ${text}: not a number of minutes`, 'for example --patience 10');
};

const runDirectory = async (dir: string, options: Options, screen: Screen): Promise<RunReport> => {
  const stallMs = patienceOf(options.patience);
  const faults = options.faults === undefined ? null : parseFaults(options.faults);
  const { uploads } = await readInputDirectory(dir);
  await checkExportTarget(options.export);
  let starting: Promise<StackInDirectory> | null = null;
  const undo = onInterrupt(async () => (starting ? stopStarted(starting) : undefined));
  const deps: RunDeps = {
    startStack: () => {
      starting = startTemporaryStack(faults);
      return starting;
    },
    deploy: (stack) => deployInto(join(stack.dir, 'deploy'), faults ? 'faults' : 'local')(stack, screen),
    reach: (stack) => reachTarget(stackTarget(stack)),
    exportTo: (reached, out) => exportTo(reached, screen, out),
    screen,
    clock: realClock,
    patience: { quietMs: QUIET_MS, stallMs },
  };
  return runAll(deps, { uploads, out: options.export }).finally(undo);
};

/** Adds `run`. */
export const addRun = (program: Command): void => {
  program
    .command('run')
    .description('send the files of a directory through a fresh local stack, export the KPIs, stop the stack')
    .argument('<dir>', 'holds songs.csv, users.csv and streams/*')
    .requiredOption('--export <out>', 'where the KPIs go: a new or empty directory, or an earlier export')
    .option('--engine <engine>', 'the engine that computes', 'duckdb')
    .option('--json', 'print a summary for machines; progress goes to standard error')
    .option('--faults <seed[:light|heavy]>', 'inject faults; the same seed injects the same faults')
    .option('--patience <minutes>', 'give up when nothing has changed for so long', '10')
    .addHelpText(
      'after',
      '\nExits 0 only if every file ends archived, on hold or rejected, and every ledger\nbalances.',
    )
    .action(async (dir: string, options: Options) => {
      parseEngine(options.engine);
      const screen = openScreen(options.json ? process.stderr : process.stdout);
      const report = await runDirectory(dir, options, screen);
      for (const text of renderRun(report)) screen.line(text);
      if (options.json) console.log(JSON.stringify(report, null, 2));
      if (!report.ok) process.exitCode = 1;
    });
};
