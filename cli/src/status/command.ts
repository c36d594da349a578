import type { Command } from 'commander';
import { type TargetOptions, withTarget } from '../shared/context.ts';
import { deadStages } from '../shared/pipeline/outcome.ts';
import type { Reached } from '../shared/reach.ts';
import { realClock } from '../shared/reach.ts';
import { readRuns } from '../shared/run-documents.ts';
import { openScreen } from '../shared/screen.ts';
import { renderStatus } from './render.ts';
import { type Status, statusOf } from './status.ts';

interface Options extends TargetOptions {
  watch?: boolean;
  json?: boolean;
}

const EVERY_MS = 2000;
const CLEAR = '\u001b[H\u001b[2J\u001b[3J';

const lookOnce = async ({ look, objects, queues, target }: Reached): Promise<Status> => {
  const snapshot = await look();
  const filled = snapshot.queues.filter(({ dead, visible }) => dead && visible > 0);
  const letters = filled.length > 0 ? await queues.letters(filled) : [];
  const runs = await readRuns(
    objects,
    [...letters, ...deadStages(snapshot)].map(({ run_id }) => run_id),
  );
  return statusOf(snapshot, target, letters, runs);
};

/** Prints what changed: on a terminal in place, else below; one JSON document a line. */
const watchStatus = async (reached: Reached, json: boolean): Promise<never> => {
  const terminal = process.stdout.isTTY && !json;
  let last = '';
  for (;;) {
    const status = await lookOnce(reached);
    const now = realClock.now();
    const text = json ? JSON.stringify(status) : renderStatus(status, now).join('\n');
    const key = JSON.stringify(status);
    if (terminal)
      process.stdout.write(`${CLEAR}${text}\n\n${new Date(now).toISOString().slice(11, 19)} UTC, Ctrl-C ends\n`);
    else if (key !== last) process.stdout.write(json ? `${text}\n` : `${text}\n\n`);
    last = key;
    await realClock.sleep(EVERY_MS);
  }
};

export const addStatus = (program: Command): void => {
  program
    .command('status')
    .description('files, runs, stages, ledgers, queues and dead letters, and what needs attention')
    .option('--watch', 'again every two seconds, until Ctrl-C')
    .option('--json', 'for machines; with --watch one line for every change')
    .option('--bucket <name>', 'the bucket, if not $MUSIC_ETL_BUCKET or the default one')
    .option('--table <name>', 'the table, if not $MUSIC_ETL_TABLE or the default one')
    .action(async (options: Options) => {
      const screen = openScreen(process.stderr);
      const slow = setTimeout(() => screen.progress('looking at the pipeline'), 1000);
      await withTarget(options, screen, async (reached) => {
        if (options.watch) {
          clearTimeout(slow);
          process.on('SIGINT', () => process.exit(0));
          return watchStatus(reached, options.json ?? false);
        }
        const status = await lookOnce(reached);
        clearTimeout(slow);
        screen.progress('');
        console.log(options.json ? JSON.stringify(status, null, 2) : renderStatus(status, realClock.now()).join('\n'));
        return null;
      }).finally(() => clearTimeout(slow));
    });
};
