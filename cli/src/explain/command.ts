import type { Command } from 'commander';
import { type TargetOptions, withTarget } from '../shared/context.ts';
import { openScreen } from '../shared/screen.ts';
import { explainNumber } from './explain.ts';
import { parseAsked } from './number.ts';
import { numberJson, renderNumber } from './render.ts';

interface Options extends TargetOptions {
  json?: boolean;
}

export const addExplain = (program: Command): void => {
  program
    .command('explain')
    .description('where a number of the table comes from: its run, the files behind it, what it was before')
    .argument('<metric>', 'for example genre_daily')
    .argument('<what...>', 'the dimension, where the metric has one, and the date or hour')
    .usage('[options] METRIC [DIMENSION] DATE')
    .option('--json', 'for machines')
    .option('--bucket <name>', 'the bucket, if not $MUSIC_ETL_BUCKET or the default one')
    .option('--table <name>', 'the table, if not $MUSIC_ETL_TABLE or the default one')
    .addHelpText(
      'after',
      '\nFor example: explain genre_daily rock 2018-11-15 · explain top_genres 2018-11-15 · explain trending_24h 2018-11-15T18:00:00Z',
    )
    .action(async (metric: string, what: string[], options: Options) => {
      const asked = parseAsked(metric, what);
      const screen = openScreen(process.stderr);
      const explanation = await withTarget(options, screen, ({ objects, table }) =>
        explainNumber({ objects, table, screen }, asked),
      ).finally(() => screen.progress(''));
      console.log(
        options.json ? JSON.stringify(numberJson(explanation), null, 2) : renderNumber(explanation).join('\n'),
      );
    });
};
