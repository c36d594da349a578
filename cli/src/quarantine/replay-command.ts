import type { Command } from 'commander';
import { UserError } from '../shared/errors.ts';
import { wrap } from '../shared/format.ts';
import type { Objects, Screen } from '../shared/ports.ts';
import { linesOf } from '../shared/text-lines.ts';
import { checkPatches } from './check-patches.ts';
import { chooseReplay } from './choose-version.ts';
import { type FilterOptions, parseFilter, type QuarantineFilter } from './filter.ts';
import { type RequestCommandOptions, withRequestOptions } from './options.ts';
import { PATCH_COLUMNS } from './patch-values.ts';
import { quarantinedFiles } from './quarantined-files.ts';
import { readPatches } from './read-patches.ts';
import type { PlannedRequest } from './request.ts';
import { runRequests } from './run-requests.ts';

interface Options extends RequestCommandOptions, FilterOptions {
  rows?: string;
  dryRun?: boolean;
}

/** Plans a replay of every file with matching rows; says which files cannot be reprocessed now, and why. */
const planFiltered = async (objects: Objects, filter: QuarantineFilter, screen: Screen): Promise<PlannedRequest[]> => {
  const found = await quarantinedFiles(objects, filter);
  if (found.length === 0) {
    throw new UserError('no quarantined rows match', 'npx music-etl quarantine ls shows what there is', 1);
  }
  const planned: PlannedRequest[] = [];
  for (const { file, versions } of found) {
    const choice = chooseReplay(file, versions);
    if (choice.kind === 'chosen') planned.push({ key: file.key, version: choice.version });
    else screen.line(`not now: ${choice.why}`);
  }
  if (planned.length === 0) throw new UserError('none of these files can be reprocessed now', null, 1);
  return planned;
};

const replay = async (options: Options): Promise<void> => {
  const filter = parseFilter(options);
  const { rows } = options;
  if (rows === undefined) {
    return runRequests('replay', options, (objects, screen) => planFiltered(objects, filter, screen));
  }
  if (filter.file ?? filter.reason ?? filter.date) {
    throw new UserError('--rows names its files itself', 'leave out --file, --reason and --date');
  }
  await runRequests('replay', options, async (objects) =>
    checkPatches(objects, await readPatches(await linesOf(rows))),
  );
};

const HELP = `
A file is reprocessed as a whole, with the current rules and reference data.
Until that is done its accepted rows count as before; no row counts twice. Rows
of unknown users and tracks need no replay: they are reprocessed by themselves
once reference data knows them.

Row patches:
  1. npx music-etl quarantine show --json > rows.jsonl
  2. Add "fixed" to each line that you patch, for example
     "fixed": {"user_id": "26"}. Other lines change nothing.
  3. npx music-etl quarantine replay --rows rows.jsonl --why 'ids were cut off'

Columns of "fixed":
  ${wrap(PATCH_COLUMNS.join(', '), 76).join('\n  ')}
The value null takes the value away. Columns that are not named keep their
value; a malformed row has only the named ones.`;

/** Adds `quarantine replay`. */
export const addReplay = (quarantine: Command): void => {
  withRequestOptions(
    quarantine
      .command('replay')
      .description('reprocess files with quarantined rows, after a fix of the rules or with row patches')
      .option('--reason <reason>', 'only files with rows quarantined for this reason')
      .option('--file <key>', 'only this file: its key, or its name below streams/')
      .option('--date <date>', 'only files that arrived on this day, YYYY-MM-DD (UTC)')
      .option('--rows <file>', 'row patches, as JSON lines; - is standard input')
      .option('--dry-run', 'list the requests, send none'),
  )
    .addHelpText('after', HELP)
    .action(replay);
};
