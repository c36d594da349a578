import type { Command } from 'commander';
import { onInterrupt, type TargetOptions, targetOf } from '../shared/context.ts';
import type { OperationDeps } from '../shared/operation-ports.ts';
import { withOperations } from '../shared/operations.ts';
import type { Screen } from '../shared/ports.ts';
import { openScreen } from '../shared/screen.ts';
import { driveBackfill } from './drive.ts';
import { type BackfillRequest, backfillCommand, parseBackfill } from './plan.ts';
import { estimateLines, summaryLines } from './render.ts';
import { type BackfillPlan, planBackfill, recordBackfill } from './start.ts';

interface Options extends TargetOptions {
  from: string;
  to: string;
  why?: string;
  concurrency?: string;
  datesPerRun: string;
  suffix: string;
  dryRun?: boolean;
  json?: boolean;
}

const sayPlan = (screen: Screen, { document, resumed, others, estimate }: BackfillPlan): void => {
  for (const other of others) {
    screen.line(
      `backfill ${other.backfill_id} (${other.from} … ${other.to}) is unfinished and shares dates with this one: the computation that begins last stands`,
    );
  }
  if (resumed) {
    screen.line(
      `goes on with backfill ${document.backfill_id}, begun ${document.created_at.slice(0, 16)}Z by ${document.requested_by}: ${document.why}`,
    );
  }
  for (const text of estimateLines(estimate, document)) screen.line(text);
};

const dryRun = (screen: Screen, plan: BackfillPlan, json: boolean): void => {
  if (json) {
    const { reference_version, concurrency } = plan.document;
    console.log(
      JSON.stringify(
        { dry_run: true, resumed: plan.resumed, reference_version, concurrency, ...plan.estimate },
        null,
        2,
      ),
    );
    return;
  }
  sayPlan(screen, plan);
  screen.line('dry run: nothing was begun');
};

const act = async (deps: OperationDeps, request: BackfillRequest, options: Options): Promise<void> => {
  const { screen } = deps;
  const plan = await planBackfill(deps, request);
  screen.progress('');
  if (options.dryRun) return dryRun(screen, plan, options.json ?? false);
  sayPlan(screen, plan);
  await recordBackfill(deps, plan);
  const undo = onInterrupt(async () => {
    screen.line(
      `the runs that were sent go on without this command; the rest: ${backfillCommand(request, request.suffix)}`,
    );
  });
  const summary = await driveBackfill(deps, plan.document, request).finally(undo);
  if (options.json) console.log(JSON.stringify(summary, null, 2));
  for (const text of summaryLines(summary)) screen.line(text);
};

export const addBackfill = (program: Command): void => {
  program
    .command('backfill')
    .description('compute dates again, with the reference data that stands now, and load them')
    .requiredOption('--from <date>', 'first date, YYYY-MM-DD')
    .requiredOption('--to <date>', 'last date, included')
    .option('--why <text>', 'kept with the backfill and its runs; explain shows it')
    .option('--concurrency <n>', 'at most so many runs at a time (2)')
    .option('--dates-per-run <n>', 'so many dates a run', '7')
    .option('--dry-run', 'say dates, files, rows, Glue runs and their price; begin nothing')
    .option('--json', 'for machines')
    .option('--suffix <suffix>', 'what a deployment adds to the names of its queues', '')
    .option('--bucket <name>', 'the bucket, if not $MUSIC_ETL_BUCKET or the default one')
    .addHelpText(
      'after',
      '\nInterrupted, it is begun again by the same dates and goes on. Rows are not reprocessed: rows that were rejected as unknown\nare accepted by themselves once the reference data knows them.',
    )
    .action(async (options: Options) => {
      const request = parseBackfill(options);
      const screen = openScreen(options.json ? process.stderr : process.stdout);
      await withOperations(await targetOf(options), screen, (deps) => act(deps, request, options));
    });
};
