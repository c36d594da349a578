import type { Command } from 'commander';
import { UserError } from '../shared/errors.ts';
import { openScreen } from '../shared/screen.ts';
import { demo } from './demo.ts';

interface Options {
  once?: boolean;
  seed: string;
}

const run = async ({ once = false, seed }: Options): Promise<void> => {
  if (!/^\d{1,9}$/.test(seed)) throw new UserError(`--seed ${seed}: not a whole number`, 'for example --seed 7');
  const setupMs = Number(process.env.MUSIC_ETL_SETUP_MS ?? 0);
  await demo({ once: once || !process.stdout.isTTY, seed: Number(seed), setupMs }, openScreen(process.stdout));
};

/** Adds `demo`. */
export const addDemo = (program: Command): void => {
  program
    .command('demo', { hidden: true })
    .description('what `npm start` shows: the whole pipeline with sample data')
    .option('--once', 'stop and clean up at the end, as without a terminal')
    .option('--seed <number>', 'another sample', '1')
    .action(run);
};
