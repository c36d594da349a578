import type { Command } from 'commander';
import { type TargetOptions, withTarget } from '../shared/context.ts';
import { parseRange } from '../shared/dates.ts';
import { count, table } from '../shared/format.ts';
import { openScreen } from '../shared/screen.ts';

interface Options extends TargetOptions {
  from?: string;
  to?: string;
}

export const addExport = (program: Command): void => {
  program
    .command('export')
    .description(
      "write the table's KPIs as JSON lines, one file per metric; beside them files, dates and quarantined rows",
    )
    .argument('<out>', 'a new or empty directory, or an earlier export, which is replaced')
    .option('--from <date>', 'first date, YYYY-MM-DD')
    .option('--to <date>', 'last date, included')
    .option('--bucket <name>', 'the bucket, if not $MUSIC_ETL_BUCKET or the default one')
    .option('--table <name>', 'the table, if not $MUSIC_ETL_TABLE or the default one')
    .action(async (out: string, options: Options) => {
      const range = parseRange(options.from, options.to);
      const screen = openScreen(process.stdout);
      const summary = await withTarget(options, screen, (reached) => reached.exportTo(out, range));
      screen.progress('');
      const rows = Object.entries(summary.lines).map(([name, lines]) => [`${name}.jsonl`, count(lines)]);
      for (const text of table([{ title: 'file' }, { title: 'lines', right: true }], rows)) screen.line(text);
      screen.line(`exported to ${out}`);
      if (summary.incomplete.length > 0) {
        console.error(
          `being loaded while this was read, so perhaps of two generations: ${summary.incomplete.join(', ')}; export again when status shows no run`,
        );
      }
    });
};
