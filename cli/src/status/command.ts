import type { Command } from 'commander';
import { realClock } from '../shared/clock.ts';
import { deadStages } from '../shared/pipeline/snapshot.ts';
import { type Reached, withTarget } from '../shared/reach.ts';
import { readRuns } from '../shared/run-documents.ts';
import { openScreen } from '../shared/screen.ts';
import { type TargetOptions, withBucketOption, withTableOption } from '../shared/target-options.ts';
import { renderStatus } from './render.ts';
import { type Status, statusOf } from './status.ts';

interface Options extends TargetOptions {
  watch?: boolean;
  json?: boolean;
}

const EVERY_MS = 2000;
const CLEAR = '\u001b[H\u001b[2J\u001b[3J';

const readStatus = async ({ look, objects, queues, target }: Reached): Promise<Status> => {
  const snapshot = await look();
  const messages = await queues.deadLetterMessages(snapshot.queues);
  const runIds = [...messages, ...deadStages(snapshot)].map(({ run_id }) => run_id);
  return statusOf(snapshot, target, messages, await readRuns(objects, runIds));
};

/** Prints every change: in place on a terminal, else one after the other; with --json a document a line. */
const watchStatus = async (reached: Reached, json: boolean): Promise<never> => {
  const terminal = process.stdout.isTTY && !json;
  let last = '';
  for (;;) {
    const status = await readStatus(reached);
    const now = realClock.now();
    const current = JSON.stringify(status);
    const text = json ? current : `${renderStatus(status, now).join('\n')}\n`;
    if (terminal) {
      process.stdout.write(`${CLEAR}${text}\n${new Date(now).toISOString().slice(11, 19)} UTC, Ctrl-C ends\n`);
    } else if (current !== last) {
      process.stdout.write(`${text}\n`);
    }
    last = current;
    await realClock.sleep(EVERY_MS);
  }
};

const printStatus = async (reached: Reached, json: boolean): Promise<void> => {
  const screen = openScreen(process.stderr);
  const slow = setTimeout(() => screen.progress('reading the state of the pipeline'), 1000);
  const status = await readStatus(reached).finally(() => clearTimeout(slow));
  screen.progress('');
  console.log(json ? JSON.stringify(status, null, 2) : renderStatus(status, realClock.now()).join('\n'));
};

/** Adds `status`. */
export const addStatus = (program: Command): void => {
  const command = program
    .command('status')
    .description('show files, runs, ledgers and queues, and what needs a person')
    .option('--watch', 'show it again every two seconds, until Ctrl-C')
    .option('--json', 'for machines; with --watch a line for every change');
  withTableOption(withBucketOption(command)).action(async (options: Options) => {
    const json = options.json ?? false;
    await withTarget(options, (reached) => {
      if (!options.watch) return printStatus(reached, json);
      process.on('SIGINT', () => process.exit(0));
      return watchStatus(reached, json);
    });
  });
};
