import type { Command } from 'commander';
import { UserError } from '../shared/errors.ts';
import { onInterrupt } from '../shared/interrupt.ts';
import { openScreen } from '../shared/screen.ts';
import { type TargetOptions, targetOf, withBucketOption, withSuffixOption } from '../shared/target-options.ts';
import { type Forgotten, forgetUser } from './forget-user.ts';
import { forgetCommand, parseUser } from './options.ts';
import { summaryLines } from './render-summary.ts';
import { isEmpty } from './result.ts';
import { withErasure } from './with-erasure.ts';

interface Options extends TargetOptions {
  yes?: boolean;
  dryRun?: boolean;
  json?: boolean;
  suffix: string;
}

const requireAnswer = ({ yes, dryRun }: Options): void => {
  if (yes || dryRun || process.stdin.isTTY) return;
  throw new UserError('there is no terminal to confirm on', 'use --yes to erase, or --dry-run to look first');
};

const resultLines = ({ found, summary, started }: Forgotten, dryRun: boolean, resume: string): string[] => {
  if (summary) return summaryLines(summary);
  if (started) return [`this command changed nothing, but the erasure has started; to finish it: ${resume}`];
  if (found && isEmpty(found)) return ['nothing names the user: there is nothing to erase'];
  return [dryRun ? 'dry run: nothing was changed' : 'nothing was changed'];
};

const resultJson = ({ found, summary, started }: Forgotten, dryRun: boolean): string =>
  JSON.stringify({ dry_run: dryRun, erased: summary !== null, started, found, summary }, null, 2);

const run = async (id: string, options: Options): Promise<void> => {
  const userId = parseUser(id);
  requireAnswer(options);
  const { suffix, yes = false, dryRun = false, json = false } = options;
  const screen = openScreen(json ? process.stderr : process.stdout);
  const rest = forgetCommand({ user_id: userId }, suffix, dryRun);
  const undo = onInterrupt(async () =>
    screen.line(`what has started goes on without this command; to resume the rest: ${rest}`),
  );
  const forgotten = await withErasure(await targetOf(options), screen, suffix, (deps) =>
    forgetUser(deps, { userId, dryRun, yes, suffix }),
  ).finally(undo);
  if (json) console.log(resultJson(forgotten, dryRun));
  const resume = forgetCommand({ user_id: userId }, suffix);
  for (const line of resultLines(forgotten, dryRun, resume)) screen.line(line);
  if (forgotten.declined) process.exitCode = 1;
};

const HELP = `
Files are rewritten without the user's rows and reprocessed, and their dates are
recomputed. Then every version of every object that still names the user is
deleted. An interrupted erasure resumes when it is started again with the same
id. It reads every raw file: for a large archive that takes hours of a Glue job.`;

/** Adds `forget-user`. */
export const addForgetUser = (program: Command): void => {
  const command = program
    .command('forget-user')
    .description("erase a user's listens for good: raw files, rows, quarantine, KPIs, table, change log")
    .argument('<id>', 'the user_id as the files have it')
    .option('--dry-run', 'show files, rows, dates and objects; change nothing')
    .option('--yes', 'do not prompt for confirmation')
    .option('--json', 'for machines');
  withBucketOption(withSuffixOption(command)).addHelpText('after', HELP).action(run);
};
