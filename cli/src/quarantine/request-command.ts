import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import { onInterrupt, type PlaceOptions, withPlace } from '../shared/context.ts';
import { UserError } from '../shared/errors.ts';
import { currentUser } from '../shared/operations.ts';
import type { Objects, Screen } from '../shared/ports.ts';
import { type Reached, realClock } from '../shared/reach.ts';
import { openScreen } from '../shared/screen.ts';
import { linesOf } from '../shared/text-lines.ts';
import { filesInQuarantine, namedFile } from './list.ts';
import { patchedFiles, readPatches } from './make-patches.ts';
import { parseFilter } from './quarantine.ts';
import { type AskOptions, ask, type ToAsk } from './request.ts';
import { heldTarget, parseWhy, toReprocess } from './requests.ts';

interface Options extends PlaceOptions {
  why: string;
  suffix: string;
  wait: boolean;
}

interface ReplayOptions extends Options {
  reason?: string;
  file?: string;
  date?: string;
  rows?: string;
  dryRun?: boolean;
}

const PATIENCE = { quietMs: 10_000, stallMs: 10 * 60_000 };

const askFor = async (
  { objects, queues, send, look }: Reached,
  screen: Screen,
  toAsk: readonly ToAsk[],
  options: AskOptions,
): Promise<void> => {
  const undo = onInterrupt(async () => screen.line('what was asked for goes on without this command'));
  const deps = { objects, queues, send, look, screen, clock: realClock, patience: PATIENCE };
  try {
    const good = await ask({ ...deps, requestedBy: currentUser(), newId: randomUUID }, toAsk, options);
    if (!good) process.exitCode = 1;
  } finally {
    undo();
  }
};

/** Files with quarantined rows of those asked for; says which of them cannot be reprocessed now, and why. */
const filtered = async (objects: Objects, options: ReplayOptions, screen: Screen): Promise<ToAsk[]> => {
  const found = await filesInQuarantine(objects, parseFilter(options));
  if (found.length === 0) {
    throw new UserError('no quarantined rows match', 'npx music-etl quarantine ls shows what there is', 1);
  }
  const choices = found.map(({ file, versions }) => toReprocess(file, versions));
  for (const choice of choices) if (choice.kind === 'not') screen.line(`not now: ${choice.why}`);
  const targets = choices.flatMap((choice) => (choice.kind === 'target' ? [{ target: choice.target }] : []));
  if (targets.length === 0) throw new UserError('none of these files can be reprocessed now', null, 1);
  return targets;
};

const patched = async (objects: Objects, path: string, options: ReplayOptions): Promise<ToAsk[]> => {
  if (options.file ?? options.reason ?? options.date) {
    throw new UserError('--rows names its files itself', 'leave out --file, --reason and --date');
  }
  return patchedFiles(objects, await readPatches(await linesOf(path)));
};

const replay = async (options: ReplayOptions): Promise<void> => {
  const why = parseWhy(options.why);
  parseFilter(options);
  const screen = openScreen(process.stdout);
  const { rows, suffix, wait, dryRun = false } = options;
  await withPlace(options, screen, async (reached) => {
    const { objects } = reached;
    const toAsk = await (rows === undefined ? filtered(objects, options, screen) : patched(objects, rows, options));
    await askFor(reached, screen, toAsk, { action: 'replay', why, suffix, wait, dryRun });
  });
};

/** Every file is looked at before anything is sent. */
const decideHeld = async (action: 'release' | 'reject', names: readonly string[], options: Options): Promise<void> => {
  const why = parseWhy(options.why);
  const screen = openScreen(process.stdout);
  await withPlace(options, screen, async (reached) => {
    const toAsk: ToAsk[] = [];
    for (const name of new Set(names)) toAsk.push({ target: heldTarget(await namedFile(reached.objects, name)) });
    await askFor(reached, screen, toAsk, { action, why, suffix: options.suffix, wait: options.wait, dryRun: false });
  });
};

const withAsking = (command: Command): Command =>
  command
    .requiredOption('--why <text>', 'why, in a few words; it is kept with the file')
    .option('--no-wait', 'do not follow what becomes of it')
    .option('--suffix <suffix>', 'what a deployment adds to the names of its queues', '')
    .option('--bucket <name>', 'the bucket, if not $MUSIC_ETL_BUCKET or the default one');

const REPLAY_HELP = `
A file is reprocessed as a whole, by the rules and reference data of now; what it had counts until that is done, and
nothing counts twice. Rows of unknown users and tracks need no replay: they are reprocessed when reference data comes
that knows them.

Patched rows:
  npx music-etl quarantine show --json --limit 1000 > rows.jsonl
  add "fixed" to each line that you patch, for example "fixed": {"user_id": "26"}; other lines are left as they are
  npx music-etl quarantine replay --rows rows.jsonl --why 'ids were cut off'
Columns of "fixed": user_id, track_id, listen_time, event_id, ms_played, duration, completed, device_type. A value of
null takes the value away; what is not named stays (a malformed row has only what is named).`;

export const addQuarantineReplay = (quarantine: Command): void => {
  withAsking(
    quarantine
      .command('replay')
      .description('have files with quarantined rows reprocessed: after a patch of the rules, or with row patches')
      .option('--reason <reason>', 'only files with rows rejected for this')
      .option('--file <key>', 'only this file: its key, or its name below streams/')
      .option('--date <date>', 'only files that arrived on this day, YYYY-MM-DD (UTC)')
      .option('--rows <file>', 'row patches, as JSON lines; - is standard input')
      .option('--dry-run', 'say what would be asked for, ask for nothing'),
  )
    .addHelpText('after', REPLAY_HELP)
    .action(replay);
};

export const addQuarantineHeld = (quarantine: Command): void => {
  withAsking(
    quarantine
      .command('release')
      .description('let held files stand: what is right in them counts, the rest stays in quarantine')
      .argument('<key...>', 'the key of a held file, or its name below streams/'),
  ).action((keys: string[], options: Options) => decideHeld('release', keys, options));
  withAsking(
    quarantine
      .command('reject')
      .description('reject held files: nothing of them counts, and they need nobody any more')
      .argument('<key...>', 'the key of a held file, or its name below streams/'),
  ).action((keys: string[], options: Options) => decideHeld('reject', keys, options));
};
