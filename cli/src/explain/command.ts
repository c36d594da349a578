import type { Command } from 'commander';
import { withTarget } from '../shared/reach.ts';
import { openScreen } from '../shared/screen.ts';
import { type TargetOptions, withBucketOption, withTableOption } from '../shared/target-options.ts';
import { explain } from './explain.ts';
import { parseKpi } from './parse-kpi.ts';
import { explanationLines } from './render.ts';
import { explanationJson } from './render-json.ts';

interface Options extends TargetOptions {
  json?: boolean;
}

const run = async (metric: string, rest: string[], options: Options): Promise<void> => {
  const kpi = parseKpi(metric, rest);
  const screen = openScreen(process.stderr);
  const explanation = await withTarget(options, ({ objects, table }) =>
    explain({ objects, table, screen }, kpi),
  ).finally(() => screen.progress(''));
  const lines = options.json ? [JSON.stringify(explanationJson(explanation), null, 2)] : explanationLines(explanation);
  console.log(lines.join('\n'));
};

const HELP = `
For example:
  npx music-etl explain genre_daily rock 2018-11-15
  npx music-etl explain top_genres 2018-11-15
  npx music-etl explain trending_24h 2018-11-15T18:00:00Z`;

/** Adds `explain`. */
export const addExplain = (program: Command): void => {
  const command = program
    .command('explain')
    .description('where a number of the table comes from: its run, its files, and its earlier values')
    .argument('<metric>', 'for example genre_daily')
    .argument('<what...>', 'the dimension, where the metric has one, and the date or hour')
    .usage('[options] METRIC [DIMENSION] DATE')
    .option('--json', 'for machines');
  withBucketOption(withTableOption(command)).addHelpText('after', HELP).action(run);
};
