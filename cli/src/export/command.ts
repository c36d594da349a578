import type { Command } from 'commander';
import { parseRange } from '../shared/dates.ts';
import { count, fold, table } from '../shared/format.ts';
import { withTarget } from '../shared/reach.ts';
import { openScreen } from '../shared/screen.ts';
import { type TargetOptions, withBucketOption, withTableOption } from '../shared/target-options.ts';
import { exportTo } from './export-to.ts';

interface Options extends TargetOptions {
  from?: string;
  to?: string;
}

const run = async (out: string, options: Options): Promise<void> => {
  const range = parseRange(options.from, options.to);
  const screen = openScreen(process.stdout);
  const { lines, incomplete } = await withTarget(options, (reached) => exportTo(reached, screen, out, range));
  screen.progress('');
  const rows = Object.entries(lines).map(([name, n]) => [`${name}.jsonl`, count(n)]);
  for (const text of table([{ title: 'file' }, { title: 'lines', right: true }], rows)) screen.line(text);
  screen.line(`exported to ${out}`);
  if (incomplete.length === 0) return;
  const warning = `These dates were being loaded, so their lines may be of two generations: ${incomplete.join(', ')}.`;
  for (const text of fold(`${warning} Export again when status shows no active run.`)) console.error(text);
};

/** Adds `export`. */
export const addExport = (program: Command): void => {
  const command = program
    .command('export')
    .description('write the KPIs of the table as JSON lines, a file a metric, with files, dates and quarantined rows')
    .argument('<out>', 'a new or empty directory, or an earlier export, which is replaced')
    .option('--from <date>', 'first date, YYYY-MM-DD')
    .option('--to <date>', 'last date, included');
  withTableOption(withBucketOption(command)).action(run);
};
