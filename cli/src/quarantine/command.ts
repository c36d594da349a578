import type { Command } from 'commander';
import { type TargetOptions, withTarget } from '../shared/context.ts';
import { many } from '../shared/format.ts';
import type { Objects, Screen } from '../shared/ports.ts';
import { openScreen } from '../shared/screen.ts';
import { listQuarantine, quarantineRows } from './list.ts';
import { parseFilter, parseLimit, type QuarantineFilter } from './quarantine.ts';
import { fileHeading, NOTHING, renderQuarantine, rowLines, totals } from './render.ts';
import { addQuarantineHeld, addQuarantineReplay } from './request-command.ts';

interface Options extends TargetOptions {
  reason?: string;
  file?: string;
  date?: string;
  json?: boolean;
}

interface ShowOptions extends Options {
  limit: string;
}

type Shown = ReturnType<typeof quarantineRows>;

const ls = async (objects: Objects, filter: QuarantineFilter, json: boolean): Promise<void> => {
  const files = await listQuarantine(objects, filter);
  const rows = files.reduce((sum, file) => sum + file.rows, 0);
  console.log(
    json ? JSON.stringify({ rows, by_reason: totals(files), files }, null, 2) : renderQuarantine(files).join('\n'),
  );
};

const printJson = async (rows: Shown): Promise<number> => {
  let shown = 0;
  for await (const { file, row } of rows) {
    const { key, version, validation, reprocessed } = file;
    console.log(JSON.stringify({ key, version, validation, reprocessed: reprocessed?.why ?? null, ...row }));
    shown += 1;
  }
  return shown;
};

const printText = async (rows: Shown): Promise<number> => {
  let last = null;
  let shown = 0;
  for await (const { file, row } of rows) {
    if (file !== last) console.log(`${last ? '\n' : ''}${fileHeading(file)}`);
    for (const line of rowLines(row)) console.log(line);
    last = file;
    shown += 1;
  }
  return shown;
};

/** Rows go to standard output; what else there is to say goes to `screen`, out of the way of JSON lines. */
const show = async (objects: Objects, filter: QuarantineFilter, options: ShowOptions, screen: Screen) => {
  const limit = parseLimit(options.limit);
  const files = await listQuarantine(objects, filter);
  const total = files.reduce((sum, { rows }) => sum + rows, 0);
  const rows = quarantineRows(objects, files, filter, limit);
  const shown = await (options.json ? printJson(rows) : printText(rows));
  if (total === 0) screen.line(NOTHING);
  if (shown < total) screen.line(`${many(total - shown, 'row')} more: --limit ${total} shows all`);
};

const withFilters = (command: Command): Command =>
  command
    .option('--reason <reason>', 'only rows rejected for this, for example unknown_track')
    .option('--file <key>', 'only rows of this file: its key, or its name below streams/')
    .option('--date <date>', 'only rows of files that arrived on this day, YYYY-MM-DD (UTC)')
    .option('--json', 'for machines')
    .option('--bucket <name>', 'the bucket, if not $MUSIC_ETL_BUCKET or the default one');

export const addQuarantine = (program: Command): void => {
  const quarantine = program
    .command('quarantine')
    .description('rows that were rejected: of the version of a file that counts, and of a newer one that is held');
  withFilters(quarantine.command('ls').description('how many there are, by reason and by file')).action(
    async (options: Options) => {
      const filter = parseFilter(options);
      await withTarget(options, openScreen(process.stderr), ({ objects }) =>
        ls(objects, filter, options.json ?? false),
      );
    },
  );
  withFilters(quarantine.command('show').description('the rows: where, why, and their text as it came'))
    .option('--limit <n>', 'at most so many rows', '20')
    .addHelpText(
      'after',
      '\nRows are counted from 1 in their file; a CSV header and blank lines are no rows. --json prints a row a line, whole;\n`version` there is that of the content, as in an export, `validation` counts replays, too. To patch rows, see quarantine replay --help.',
    )
    .action(async (options: ShowOptions) => {
      const filter = parseFilter(options);
      const screen = openScreen(process.stderr);
      await withTarget(options, screen, ({ objects }) => show(objects, filter, options, screen));
    });
  addQuarantineReplay(quarantine);
  addQuarantineHeld(quarantine);
};
