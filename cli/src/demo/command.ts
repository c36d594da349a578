import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { type Upload, uploadOf } from '../put/upload.ts';
import { stackTarget } from '../run/command.ts';
import { onInterrupt, readStack, startFoundStack, stopStarted } from '../shared/context.ts';
import { UserError } from '../shared/errors.ts';
import { count, duration, many } from '../shared/format.ts';
import type { Snapshot } from '../shared/pipeline/snapshot.ts';
import { watch } from '../shared/pipeline/watch.ts';
import type { RunningStack, Screen } from '../shared/ports.ts';
import { type Reached, reachTarget, realClock } from '../shared/reach.ts';
import { STATE_DIR } from '../shared/repository.ts';
import { openScreen } from '../shared/screen.ts';
import { readDay } from '../show/read-day.ts';
import { renderDayShort } from '../show/render-day.ts';
import { deployInto } from '../stack/deploy.ts';
import { startTemporaryStack } from '../stack/temporary-stack.ts';
import { showSample } from './demo.ts';
import { makeSample, type Sample } from './sample/index.ts';

type DemoStack = RunningStack & { dir: string };

const PATIENCE = { quietMs: 10_000, stallMs: 10 * 60_000 };

/** The local stack that `put` and `status` find: in the repository, in a process of its own. */
const startDemoStack = async (): Promise<DemoStack> => {
  if (await readStack()) {
    throw new UserError(
      'a local stack is up already',
      'stop it with `npx music-etl down`, or use `npm start -- --once`',
      1,
    );
  }
  const forget = (): Promise<void> => rm(STATE_DIR, { recursive: true, force: true });
  await forget();
  const localStack = await startFoundStack();
  let stopping: Promise<void> | null = null;
  const stop = (): Promise<void> => {
    stopping ??= localStack.stop().then(forget);
    return stopping;
  };
  return { ...localStack, dir: STATE_DIR, stop };
};

/** Writes the sample to disk: reference data with the first day, then a wave for every further day. */
const writeSample = async (sample: Sample, dir: string): Promise<Upload[][]> => {
  await mkdir(dir, { recursive: true });
  const uploads: Upload[] = [];
  for (const { kind, name, bytes } of sample.files) {
    await writeFile(join(dir, name), bytes);
    uploads.push(uploadOf(join(dir, name), name, kind));
  }
  return sample.dates.map((date, day) =>
    uploads.filter(({ kind, path }) => (kind === 'stream' ? path.includes(`/${date}-`) : day === 0)),
  );
};

const INTRO = [
  'Music Streaming ETL: files of listening events become daily KPIs.',
  'This starts a local stand-in for AWS, deploys the five services into it, uploads three days of',
  "made-up listening and shows the files on their way; then yesterday's KPIs. About a minute.",
];

const stayAndWatch = async (reached: Reached, screen: Screen, before: Snapshot): Promise<void> => {
  let seen = new Set(before.runs.keys());
  await watch(
    {
      look: async () => {
        const snapshot = await reached.look();
        const ended = [...snapshot.runs.values()].filter(
          ({ run_id, load, stages }) => !seen.has(run_id) && load && stages.load?.state === 'closed',
        );
        seen = new Set([...seen, ...ended.map(({ run_id }) => run_id)]);
        const dates = new Set(
          ended.flatMap(({ kpi }) =>
            (kpi?.dates ?? []).filter(({ ledger }) => ledger.accepted > 0).map(({ date }) => date),
          ),
        );
        for (const date of [...dates].sort().slice(-3)) screen.line(renderDayShort(await readDay(reached.table, date)));
        return snapshot;
      },
      screen,
      clock: realClock,
    },
    () => null,
    before,
  );
};

const NEXT = [
  '',
  'Try next, in another terminal:',
  '  npx music-etl status                     files, runs, ledgers, queues',
  '  npx music-etl put my-listens.csv         your own file (user_id, track_id, listen_time)',
  '  npx music-etl export out                 all KPIs as JSON lines',
];

const NEXT_AFTER_ONCE = [
  '',
  'Try next:',
  '  npm start                                the same in a terminal: stays up for more files',
  '  npx music-etl up                         a local stack to keep; then put, status, export, down',
  '  npx music-etl run DIR --export OUT       your own songs.csv, users.csv and streams/*',
  '  npx music-etl --help',
];

const demo = async (once: boolean, seed: number): Promise<void> => {
  const screen = openScreen(process.stdout);
  const setupMs = Number(process.env.MUSIC_ETL_SETUP_MS ?? 0);
  for (const text of INTRO) screen.line(text);
  screen.line('');
  if (setupMs > 1000) screen.line(`setup took ${duration(setupMs)}`);
  const began = Date.now();
  const starting: Promise<DemoStack> = once ? startTemporaryStack() : startDemoStack();
  const undo = onInterrupt(() => stopStarted(starting));
  try {
    const localStack = await starting;
    screen.line(`the local stack is up at ${localStack.endpoint} after ${duration(Date.now() - began)}; deploying:`);
    await deployInto(join(localStack.dir, 'deploy'))(localStack, screen);
    const sample = makeSample({ seed, today: new Date().toISOString().slice(0, 10) });
    const wrong = Object.values(sample.quarantined).reduce((sum, rows) => sum + rows, 0);
    const waves = await writeSample(sample, join(localStack.dir, 'sample'));
    screen.line(
      `sample: ${count(sample.rows)} rows in ${many(waves.flat().length - 2, 'file')}, ${sample.dates[0]} to ${sample.dates.at(-1)}; one row in a hundred is wrong`,
    );
    screen.line('');
    screen.line(' time  what happens; of a file: rows read = accepted + quarantined + duplicate');
    const reached = reachTarget(stackTarget(localStack), screen);
    const { ok, snapshot } = await showSample(
      { reach: reached, screen, clock: realClock, patience: PATIENCE },
      { waves, lastDate: sample.dates.at(-1) ?? '', wrong },
    );
    if (!ok) process.exitCode = 1;
    for (const text of once ? NEXT_AFTER_ONCE : NEXT) screen.line(text);
    if (once || !ok) return reached.close();
    screen.line('');
    screen.line('The local stack stays up and this window shows what happens. Ctrl-C stops it and cleans up.');
    await stayAndWatch(reached, screen, snapshot);
  } finally {
    await stopStarted(starting);
    undo();
  }
};

export const addDemo = (program: Command): void => {
  program
    .command('demo', { hidden: true })
    .description('what `npm start` shows: the whole pipeline with sample data')
    .option('--once', 'stop and clean up at the end, as without a terminal')
    .option('--seed <number>', 'another sample', '1')
    .action((options: { once?: boolean; seed: string }) => {
      if (!/^\d{1,9}$/.test(options.seed))
        throw new UserError(`--seed ${options.seed}: not a whole number`, 'for example --seed 7');
      return demo((options.once ?? false) || !process.stdout.isTTY, Number(options.seed));
    });
};
