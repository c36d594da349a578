import type { Command } from 'commander';
import { onInterrupt, type TargetOptions, withTarget } from '../shared/context.ts';
import { realClock } from '../shared/reach.ts';
import { openScreen } from '../shared/screen.ts';
import { parseRate, parseStage } from './plan.ts';
import { redrive } from './redrive.ts';

interface Options extends TargetOptions {
  dryRun?: boolean;
  rate?: string;
  suffix: string;
}

export const addRedrive = (program: Command): void => {
  program
    .command('redrive')
    .description(
      "the dead letters of a stage back to its queue, with SQS's own move task; the runs resume at that stage",
    )
    .argument('<stage>', 'ingest, validate, kpi, load or archive')
    .option('--dry-run', 'list the letters, move nothing')
    .option('--rate <n>', 'at most so many messages a second, 1 to 500; SQS chooses where none is given')
    .option('--suffix <suffix>', 'what a deployment adds to the names of its queues', '')
    .option('--bucket <name>', 'the bucket, if not $MUSIC_ETL_BUCKET or the default one')
    .addHelpText('after', '\nPatched first what the letters name: `--dry-run` and `status` say it.')
    .action(async (name: string, options: Options) => {
      const chosen = { stage: parseStage(name), suffix: options.suffix, rate: parseRate(options.rate) };
      const screen = openScreen(process.stdout);
      const undo = onInterrupt(async () => screen.line('a move that SQS has begun goes on without this command'));
      await withTarget(options, screen, ({ deadLetters, objects }) =>
        redrive(
          { queues: deadLetters, objects, screen, clock: realClock },
          { ...chosen, dryRun: options.dryRun ?? false },
        ),
      ).finally(undo);
    });
};
