/** Measures (b) and (d), which need a running local stack: `tsx bench/src/stack.ts [--files 5]`. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { SONGS_PREFIX, STAGES, STREAMS_PREFIX, TABLE, USERS_PREFIX } from '@music-etl/contracts';
import { startStack, withStack } from '@music-etl/local';
import { z } from 'zod';
import { reachTarget } from '../../cli/src/shared/reach.ts';
import { chooseTarget } from '../../cli/src/shared/target.ts';
import { deployInto } from '../../cli/src/stack/deploy.ts';
import { type Arrival, follow } from './arrival.ts';
import { runScript } from './python.ts';
import { type ReachedStack, reachStack } from './reach.ts';
import { renderArrivals } from './report.ts';
import { seconds } from './tables.ts';

const ROWS = 1000;
const DAY_MS = 86_400_000;
/** Every file has a date of its own, so far from the others that each is the same work. */
const DAYS_APART = 7;
const FIRST_DAY = Date.parse('2018-01-01T00:00:00Z');

const log = (line: string): void => void process.stderr.write(`  ${line}\n`);

const makeInputs = async (dir: string, number: number): Promise<string> => {
  const folder = join(dir, `file-${number}`);
  mkdirSync(folder, { recursive: true });
  const date = new Date(FIRST_DAY + number * DAYS_APART * DAY_MS).toISOString().slice(0, 10);
  await runScript('make_inputs.py', [folder, String(ROWS), date]);
  return folder;
};

const BareSeconds = z.record(z.enum(STAGES), z.number());

const measureArrivals = async (stack: ReachedStack, dir: string, files: number): Promise<string> => {
  const first = await makeInputs(dir, 0);
  const { objects } = stack.reached;
  await objects.put(`${SONGS_PREFIX}songs.csv`, join(first, 'songs.csv'));
  await objects.put(`${USERS_PREFIX}users.csv`, join(first, 'users.csv'));
  await follow(stack, `${STREAMS_PREFIX}warm-up.csv`, join(first, 'listens.csv'));
  const arrivals: Arrival[] = [];
  for (let number = 1; number <= files; number += 1) {
    const folder = await makeInputs(dir, number);
    arrivals.push(await follow(stack, `${STREAMS_PREFIX}file-${number}.csv`, join(folder, 'listens.csv')));
    log(`file ${number} was in the table after ${seconds(arrivals.at(-1)?.inTable ?? 0)} s`);
  }
  const bare = BareSeconds.parse(JSON.parse(await runScript('bare_jobs.py', [first])));
  const title = `(b) One file of ${ROWS} rows on the local stack, seconds (median of ${arrivals.length} files)`;
  return renderArrivals(title, arrivals, bare);
};

const main = async (): Promise<void> => {
  const { values } = parseArgs({ options: { files: { type: 'string', default: '5' } } });
  const dir = mkdtempSync(join(tmpdir(), 'music-etl-bench-'));
  const localStack = await startStack({ stateDir: join(dir, 'stack') });
  const reached = reachTarget(chooseTarget({}, localStack));
  try {
    await deployInto(join(dir, 'deploy'))(localStack, { line: log, progress: () => {} });
    console.log(await measureArrivals(reachStack(reached, localStack.endpoint), dir, Number(values.files)));
    console.log(await runScript('load_rate.py', [TABLE], withStack(localStack.env)));
  } finally {
    reached.close();
    await localStack.stop();
    rmSync(dir, { recursive: true, force: true });
  }
};

await main();
