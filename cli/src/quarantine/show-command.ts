import type { Command } from 'commander';
import { many } from '../shared/format.ts';
import { withTarget } from '../shared/reach.ts';
import { openScreen } from '../shared/screen.ts';
import type { TargetOptions } from '../shared/target-options.ts';
import { type FilterOptions, parseFilter, parseLimit, SHOWN_ROWS } from './filter.ts';
import { withFilterOptions } from './options.ts';
import { listQuarantine } from './quarantined-files.ts';
import { readMatchingRows, type ShownRow } from './read-matching-rows.ts';
import { totalRows } from './render-list.ts';
import { rowLines, versionHeading } from './render-rows.ts';

interface Options extends TargetOptions, FilterOptions {
  limit?: string;
  json?: boolean;
}

const printJson = async (rows: AsyncIterable<ShownRow>): Promise<number> => {
  let shown = 0;
  for await (const { version: quarantined, row } of rows) {
    const { key, version, replay } = quarantined;
    const replayed = replay && { version: replay.version, why: replay.why };
    console.log(JSON.stringify({ key, version, replay: replayed, ...row }));
    shown += 1;
  }
  return shown;
};

const printText = async (rows: AsyncIterable<ShownRow>): Promise<number> => {
  let last = null;
  let shown = 0;
  for await (const { version, row } of rows) {
    if (version !== last) console.log(`${last ? '\n' : ''}${versionHeading(version)}`);
    for (const line of rowLines(row)) console.log(line);
    last = version;
    shown += 1;
  }
  return shown;
};

/** Prints rows to standard output, and everything else to standard error, apart from the JSON lines. */
const show = async (options: Options): Promise<void> => {
  const filter = parseFilter(options);
  const limit = parseLimit(options.limit, options.json);
  const screen = openScreen(process.stderr);
  await withTarget(options, async ({ objects }) => {
    const versions = await listQuarantine(objects, filter);
    const total = totalRows(versions);
    const rows = readMatchingRows(objects, versions, filter, limit);
    const shown = await (options.json ? printJson(rows) : printText(rows));
    if (total === 0) screen.line('no quarantined rows');
    if (shown < total) screen.line(`${many(total - shown, 'row')} more: --limit ${total} shows all`);
  });
};

const HELP = `
Rows are counted from 1 in their file; a CSV header and blank lines are no rows.
--json prints each row as one line of JSON, in full. "version" is that of the
content, as in an export; "replay" names the replay that quarantined the row.
To patch rows, see quarantine replay --help.`;

/** Adds `quarantine show`. */
export const addShow = (quarantine: Command): void => {
  withFilterOptions(quarantine.command('show').description('the rows: position, reason and raw text'))
    .option('--limit <n>', `at most this many rows (default: ${SHOWN_ROWS}; with --json, all)`)
    .addHelpText('after', HELP)
    .action(show);
};
