import type { Command } from 'commander';
import { onInterrupt, type TargetOptions, targetOf } from '../shared/context.ts';
import { UserError } from '../shared/errors.ts';
import { withErasure } from '../shared/operations.ts';
import type { Screen } from '../shared/ports.ts';
import { openScreen } from '../shared/screen.ts';
import { forgetCommand, isNothing, parseUser } from './erasure.ts';
import { type Forgotten, forgetUser } from './forget-user.ts';
import { erasedLines } from './render.ts';

interface Options extends TargetOptions {
  yes?: boolean;
  dryRun?: boolean;
  json?: boolean;
  suffix: string;
}

const rejectUnasked = ({ yes, dryRun }: Options): void => {
  if (yes || dryRun || process.stdin.isTTY) return;
  throw new UserError('there is no terminal to ask for confirmation', 'say --yes to erase, or --dry-run to look first');
};

const concluding = ({ found, summary, begun }: Forgotten, { dryRun }: Options, command: string): string[] => {
  if (summary) return erasedLines(summary);
  if (begun) return [`this command changed nothing, but the erasure of the user has begun; to finish it: ${command}`];
  if (found && isNothing(found)) return ['nothing names the user: there is nothing to erase'];
  return [dryRun ? 'dry run: nothing was changed' : 'nothing was changed'];
};

const conclude = (screen: Screen, forgotten: Forgotten, options: Options, command: string): void => {
  const { found, summary, declined, begun } = forgotten;
  const { dryRun, json } = options;
  if (json) {
    const result = { dry_run: dryRun ?? false, erased: summary !== null, begun, found, summary };
    console.log(JSON.stringify(result, null, 2));
  }
  for (const text of concluding(forgotten, options, command)) screen.line(text);
  if (declined) process.exitCode = 1;
};

export const addForgetUser = (program: Command): void => {
  program
    .command('forget-user')
    .description("erase a user's listens for good: raw files, rows, quarantine, KPIs, table, change log")
    .argument('<id>', 'the user_id as the files write it')
    .option('--dry-run', 'say which files, rows, dates and objects; change nothing')
    .option('--yes', 'do not ask for confirmation')
    .option('--json', 'for machines')
    .option('--suffix <suffix>', 'what a deployment adds to the names of its queues and jobs', '')
    .option('--bucket <name>', 'the bucket, if not $MUSIC_ETL_BUCKET or the default one')
    .addHelpText(
      'after',
      '\nFiles are rewritten without the rows, reprocessed and their dates computed again; then every version of every object\nthat still names the user is deleted. Interrupted, it is begun again with the same id and goes on.\nIt reads every raw file: for large archives hours of one Glue job.',
    )
    .action(async (id: string, options: Options) => {
      const userId = parseUser(id);
      rejectUnasked(options);
      const { suffix, yes = false, dryRun = false } = options;
      const screen = openScreen(options.json ? process.stderr : process.stdout);
      const undo = onInterrupt(async () =>
        screen.line(
          `what is under way goes on without this command; the rest: ${forgetCommand({ user_id: userId }, suffix, dryRun)}`,
        ),
      );
      const forgotten = await withErasure(await targetOf(options), screen, suffix, (deps) =>
        forgetUser(deps, { userId, dryRun, yes, suffix }),
      ).finally(undo);
      conclude(screen, forgotten, options, forgetCommand({ user_id: userId }, suffix));
    });
};
