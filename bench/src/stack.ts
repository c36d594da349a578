/** (b) and (d): what only the running local stack can tell. `tsx bench/src/local stack.ts [--files 5]` */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { SONGS_PREFIX, STAGES, STREAMS_PREFIX, type Stage, TABLE, USERS_PREFIX } from '@music-etl/contracts';
import { startStack, withStack } from '@music-etl/local';
import { z } from 'zod';
import { reachTarget } from '../../cli/src/shared/reach.ts';
import { chooseTarget } from '../../cli/src/shared/target.ts';
import { deployInto } from '../../cli/src/stack/deploy.ts';
import { type Arrival, follow, type Leg, type LocalStack, reachStack } from './arrival.ts';
import { median, seconds, table } from './tables.ts';

const root = resolve(fileURLToPath(new URL('../..', import.meta.url)));
/** What the jobs import. */
const PLACES = ['glue-scripts', 'local'].map((place) => join(root, place)).join(delimiter);
const ROWS = 1000;
const DAY_MS = 86_400_000;
/** Every file has a date of its own, far from the others': each is as much work as the other. */
const APART = 7;
const FIRST_DAY = Date.parse('2018-01-01T00:00:00Z');

const say = (line: string): void => void process.stderr.write(`  ${line}\n`);

/** Never waits in the way of the gateway, which runs in this process. */
const python = async (script: string, args: readonly string[], env = process.env): Promise<string> => {
  const child = spawn(join(root, '.venv', 'bin', 'python'), [join(root, 'bench', 'python', script), ...args], {
    env: { ...env, PYTHONPATH: PLACES },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [printed, [code]] = await Promise.all([text(child.stdout), once(child, 'close')]);
  if (code !== 0) throw new Error(`${script} ended with ${code}`);
  return printed;
};

const inputs = async (dir: string, number: number): Promise<string> => {
  const folder = join(dir, `file-${number}`);
  mkdirSync(folder, { recursive: true });
  const date = new Date(FIRST_DAY + number * APART * DAY_MS).toISOString().slice(0, 10);
  await python('make_inputs.py', [folder, String(ROWS), date]);
  return folder;
};

/** How long each part of a leg took: the way to the function, to the process, the job, the way to the closed stage. */
const parts = (legs: readonly Leg[], index: number): number[] => {
  const leg = legs[index];
  if (!leg) return [];
  const before = legs[index - 1]?.closed ?? 0;
  return [
    leg.claimed - before,
    leg.accepted - leg.claimed,
    leg.began - leg.accepted,
    leg.ended - leg.began,
    leg.closed - leg.ended,
  ];
};

const HEADER = ['stage', 'to the claim', 'to Glue', 'to the process', 'job', 'to the close', 'sum', 'bare process'];

const report = (arrivals: readonly Arrival[], bare: Record<Stage, number>): string => {
  const rows = STAGES.map((stage, i) => {
    const measured = arrivals.map(({ legs }) => parts(legs, i));
    const medians = HEADER.slice(1, 6).map((_, part) => median(measured.map((found) => found[part] ?? Number.NaN)));
    const sum = median(measured.map((found) => found.reduce((a, b) => a + b, 0)));
    return [stage, ...medians.map(seconds), seconds(sum), bare[stage].toFixed(2)];
  });
  const jobs = STAGES.slice(0, 4).reduce((sum, stage) => sum + bare[stage], 0);
  const inTable = median(arrivals.map((arrival) => arrival.inTable)) / 1000;
  const best = Math.min(...arrivals.map((arrival) => arrival.inTable)) / 1000;
  const whole = median(arrivals.map(({ legs }) => legs.at(-1)?.closed ?? Number.NaN)) / 1000;
  const every = jobs + bare.archive;
  return [
    table(
      `(b) One file of ${ROWS} rows on the local stack, seconds (median of ${arrivals.length} files)`,
      HEADER,
      rows,
    ),
    '',
    `arrival to table: ${inTable.toFixed(2)} s (fastest ${best.toFixed(2)} s), ${(inTable / jobs).toFixed(2)} × the bare processes of its four jobs (${jobs.toFixed(2)} s)`,
    `arrival to archive: ${whole.toFixed(2)} s, ${(whole / every).toFixed(2)} × the bare processes of all five jobs (${every.toFixed(2)} s)`,
  ].join('\n');
};

const Bare = z.record(z.enum(STAGES), z.number());

const measureArrivals = async (localStack: LocalStack, dir: string, files: number): Promise<string> => {
  const first = await inputs(dir, 0);
  const { objects } = localStack.reached;
  await objects.put(`${SONGS_PREFIX}songs.csv`, join(first, 'songs.csv'));
  await objects.put(`${USERS_PREFIX}users.csv`, join(first, 'users.csv'));
  await follow(localStack, `${STREAMS_PREFIX}warm-up.csv`, join(first, 'listens.csv'));
  const arrivals: Arrival[] = [];
  for (let number = 1; number <= files; number += 1) {
    const folder = await inputs(dir, number);
    arrivals.push(await follow(localStack, `${STREAMS_PREFIX}file-${number}.csv`, join(folder, 'listens.csv')));
    say(`file ${number} was in the table after ${seconds(arrivals.at(-1)?.inTable ?? 0)} s`);
  }
  return report(arrivals, Bare.parse(JSON.parse(await python('bare_jobs.py', [first]))));
};

const main = async (): Promise<void> => {
  const { values } = parseArgs({ options: { files: { type: 'string', default: '5' } } });
  const dir = mkdtempSync(join(tmpdir(), 'music-etl-bench-'));
  const localStack = await startStack({ stateDir: join(dir, 'localStack') });
  const screen = { line: say, progress: () => {} };
  const reached = reachTarget(chooseTarget({}, localStack));
  try {
    await deployInto(join(dir, 'deploy'))(localStack, screen);
    console.log(await measureArrivals(reachStack(reached, localStack.endpoint), dir, Number(values.files)));
    console.log(await python('load_rate.py', [TABLE], withStack(localStack.env)));
  } finally {
    reached.close();
    await localStack.stop();
    rmSync(dir, { recursive: true, force: true });
  }
};

await main();
