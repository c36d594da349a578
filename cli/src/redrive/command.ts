import { STAGES } from '@music-etl/contracts';
import type { Command } from 'commander';
import { withClients } from '../shared/aws/clients.ts';
import { S3Objects } from '../shared/aws/s3-objects.ts';
import { realClock } from '../shared/clock.ts';
import { onInterrupt } from '../shared/interrupt.ts';
import { openScreen } from '../shared/screen.ts';
import { type TargetOptions, targetOf, withBucketOption, withSuffixOption } from '../shared/target-options.ts';
import { parseRate, parseStage } from './options.ts';
import { redrive } from './redrive.ts';
import { SqsDeadLetterQueues } from './sqs-dead-letter-queues.ts';

interface Options extends TargetOptions {
  dryRun?: boolean;
  rate?: string;
  suffix: string;
}

const run = async (name: string, { suffix, dryRun = false, ...options }: Options): Promise<void> => {
  const chosen = { stage: parseStage(name), suffix, rate: parseRate(options.rate), dryRun };
  const screen = openScreen(process.stdout);
  const target = await targetOf(options);
  const undo = onInterrupt(async () => screen.line('a move that SQS has started goes on without this command'));
  await withClients(target, ({ s3, sqs }) => {
    const queues = new SqsDeadLetterQueues(sqs);
    return redrive({ queues, objects: new S3Objects(s3, target.bucket), screen, clock: realClock }, chosen);
  }).finally(undo);
};

/** Adds `redrive`. */
export const addRedrive = (program: Command): void => {
  const command = program
    .command('redrive')
    .description("move a stage's dead-letter messages back to its queue with SQS's move task; its runs resume there")
    .argument('<stage>', STAGES.join(', ').replace(/, (\w+)$/, ' or $1'))
    .option('--dry-run', 'list the messages, move nothing')
    .option('--rate <n>', 'at most this many messages a second, 1 to 500; by default SQS chooses');
  withBucketOption(withSuffixOption(command))
    .addHelpText('after', '\nFix first what the messages name: --dry-run and status show it.')
    .action(run);
};
