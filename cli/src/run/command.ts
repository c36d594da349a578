import { join } from 'node:path';
import type { Command } from 'commander';
import { checkExportTarget } from '../export/export-directory.ts';
import { onInterrupt, stopStarted } from '../shared/context.ts';
import { UserError } from '../shared/errors.ts';
import type { RunningStack, Screen } from '../shared/ports.ts';
import { reachTarget, realClock } from '../shared/reach.ts';
import { openScreen } from '../shared/screen.ts';
import { chooseTarget } from '../shared/target.ts';
import { deployInto } from '../stack/deploy.ts';
import { parseEngine } from '../stack/engines.ts';
import { startTemporaryStack } from '../stack/temporary-stack.ts';
import { parseFaults } from './faults.ts';
import { readInputDirectory } from './input-directory.ts';
import { renderRun } from './render.ts';
import { runAll } from './run.ts';
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
  if (!Number.isFinite(minutes) || minutes <= 0) {
    throw new UserError(`--patience ${text}: not a number of minutes`, 'for example --patience 10');
  }
  return minutes * 60_000;
};

/** The local stack's own target, whatever endpoint the environment names otherwise. */
export const stackTarget = (localStack: RunningStack): ReturnType<typeof chooseTarget> => chooseTarget({}, localStack);

const runDirectory = async (dir: string, options: Options, screen: Screen): Promise<RunReport> => {
  const stallMs = patienceOf(options.patience);
  const faults = options.faults === undefined ? null : parseFaults(options.faults);
  const { uploads } = await readInputDirectory(dir);
  await checkExportTarget(options.export);
  let starting: Promise<RunningStack & { dir: string }> | null = null;
  const undo = onInterrupt(async () => (starting ? stopStarted(starting) : undefined));
  try {
    return await runAll(
      {
        startStack: () => {
          starting = startTemporaryStack(faults);
          return starting;
        },
        deploy: async (started, shown) => {
          const dir = join((await starting)?.dir ?? '.', 'deploy');
          return deployInto(dir, faults ? 'faults' : 'local')(started, shown);
        },
        reach: (started) => reachTarget(stackTarget(started), screen),
        screen,
        clock: realClock,
        patience: { quietMs: QUIET_MS, stallMs },
      },
      uploads,
      options.export,
    );
  } finally {
    undo();
  }
};

export const addRun = (program: Command): void => {
  program
    .command('run')
    .description(
      'everything in a directory through a fresh local localStack until all is terminal, then export and stop',
    )
    .argument('<dir>', 'holds songs.csv, users.csv and streams/*')
    .requiredOption('--export <out>', 'where the KPIs go: a new or empty directory, or an earlier export')
    .option('--engine <engine>', 'what runs the rules', 'duckdb')
    .option('--json', 'a summary for machines on standard output; what happens goes to standard error')
    .option('--faults <seed[:light|heavy]>', 'break things on purpose, the same things for the same seed')
    .option('--patience <minutes>', 'how long nothing may move before the run is given up', '10')
    .addHelpText('after', '\nExits 0 only if every file ended archived, held or rejected, and every ledger balances.')
    .action(async (dir: string, options: Options) => {
      parseEngine(options.engine);
      const screen = openScreen(options.json ? process.stderr : process.stdout);
      const report = await runDirectory(dir, options, screen);
      for (const text of renderRun(report)) screen.line(text);
      if (options.json) console.log(JSON.stringify(report, null, 2));
      if (!report.ok) process.exitCode = 1;
    });
};
