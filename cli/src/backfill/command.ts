import type { Command } from 'commander';
import { onInterrupt } from '../shared/interrupt.ts';
import { type OperationDeps, withOperations } from '../shared/operations.ts';
import { openScreen } from '../shared/screen.ts';
import { type TargetOptions, targetOf, withBucketOption, withSuffixOption } from '../shared/target-options.ts';
import { driveBackfill } from './drive.ts';
import {
  type BackfillOptions,
  type BackfillRequest,
  backfillCommand,
  DEFAULT_CONCURRENCY,
  DEFAULT_DATES_PER_RUN,
  parseBackfill,
} from './options.ts';
import { type BackfillPlan, planBackfill } from './plan.ts';
import { recordBackfill } from './record.ts';
import { planLines, summaryLines } from './render.ts';

interface Options extends Omit<TargetOptions, 'suffix'>, BackfillOptions {
  dryRun?: boolean;
  json?: boolean;
}

const planJson = ({ document, resumed, estimate }: BackfillPlan): string => {
  const { reference_version, concurrency } = document;
  return JSON.stringify({ dry_run: true, resumed, reference_version, concurrency, ...estimate }, null, 2);
};

const execute = async (deps: OperationDeps, request: BackfillRequest, plan: BackfillPlan, json: boolean) => {
  const { screen } = deps;
  await recordBackfill(deps, plan);
  const rest = backfillCommand(request, request.suffix);
  const undo = onInterrupt(async () =>
    screen.line(`runs that were started go on without this command; to resume the rest: ${rest}`),
  );
  const summary = await driveBackfill(deps, plan.document, request).finally(() => {
    screen.progress('');
    undo();
  });
  if (json) console.log(JSON.stringify(summary, null, 2));
  for (const line of summaryLines(summary)) screen.line(line);
};

const run = async (options: Options): Promise<void> => {
  const request = parseBackfill(options);
  const { json = false, dryRun = false } = options;
  const screen = openScreen(json ? process.stderr : process.stdout);
  await withOperations(await targetOf(options), screen, async (deps) => {
    const plan = await planBackfill(deps, request);
    if (dryRun && json) return console.log(planJson(plan));
    for (const line of planLines(plan)) screen.line(line);
    if (dryRun) return screen.line('dry run: nothing was started');
    await execute(deps, request, plan, json);
  });
};

const HELP = `
An interrupted backfill resumes when it is started again with the same dates.
Rows are not reprocessed: rows of unknown users and tracks are accepted by
themselves once reference data knows them.`;

/** Adds `backfill`. */
export const addBackfill = (program: Command): void => {
  const command = program
    .command('backfill')
    .description('recompute dates with the current reference data, and load them')
    .requiredOption('--from <date>', 'first date, YYYY-MM-DD')
    .requiredOption('--to <date>', 'last date, included')
    .option('--why <text>', 'the reason; kept with the backfill and its runs, and shown by explain')
    .option('--concurrency <n>', `at most this many runs at a time (${DEFAULT_CONCURRENCY})`)
    .option('--dates-per-run <n>', 'this many dates a run', String(DEFAULT_DATES_PER_RUN))
    .option('--dry-run', 'show dates, files, rows, Glue runs and their price; start nothing')
    .option('--json', 'for machines');
  withBucketOption(withSuffixOption(command)).addHelpText('after', HELP).action(run);
};
