import '../src/host-errors.ts';
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { S3Client } from '@aws-sdk/client-s3';
import { DEFAULT_BUCKET } from '@music-etl/contracts';
import { type DaemonRecord, startDaemon, stopStack, withStack } from '@music-etl/local';
import { cutPower } from '@music-etl/testing/power-cut';
import { processesNaming } from '@music-etl/testing/processes';
import { realClock } from '../../cli/src/shared/clock.ts';
import { watchUntilTerminal } from '../../cli/src/shared/pipeline/watch.ts';
import { type Reached, reachTarget } from '../../cli/src/shared/reach.ts';
import { chooseTarget } from '../../cli/src/shared/target.ts';
import { deployInto } from '../../cli/src/stack/deploy.ts';
import { planPuts } from '../src/load/plan.ts';
import { growthOf, type Sample, startSampling } from '../src/load/sampler.ts';
import { exportEqualToOracle } from '../src/oracle.ts';
import { put, SONGS_KEY, USERS_KEY } from '../src/put.ts';
import { SONGS, USERS } from '../src/rows.ts';
import type { Put } from '../src/world.ts';

const MINUTES = 60_000;
/** CI puts fewer files than the 500 in one minute of `LOAD_FILES=500`. */
const FILES = Number(process.env.LOAD_FILES ?? 100);
const OVER_MS = (FILES / 500) * MINUTES;
const PATIENCE = { quietMs: 30_000, stallMs: 2 * MINUTES };
const screen = { line: () => {}, progress: () => {} };

let dir: string;
let localStack: DaemonRecord;
let reached: Reached;
let tool: ChildProcess;
let s3: S3Client;
const puts: Put[] = [];
let sampling: ReturnType<typeof startSampling>;

const commandOf = (pid: number): string => readFileSync(`/proc/${pid}/cmdline`, 'latin1');
const ministackOf = (own: string): number =>
  processesNaming(own).find((pid) => /hypercorn/.test(commandOf(pid)) && !/supervisor/.test(commandOf(pid))) ?? 0;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'load-'));
  localStack = await startDaemon(join(dir, 'stack'));
  await deployInto(join(dir, 'deploy'))({ ...localStack, stop: async () => {} }, screen);
  reached = reachTarget(chooseTarget({}, localStack));
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  s3 = new S3Client({ endpoint: localStack.endpoint, region: 'us-east-1', credentials, forcePathStyle: true });
  tool = spawn(process.execPath, [join(process.cwd(), 'cli', 'bin', 'music-etl.mjs'), 'status', '--watch'], {
    env: withStack(localStack.env),
    stdio: 'ignore',
  });
  const pids = { stack: localStack.pid, emulator: ministackOf(join(dir, 'stack')), tool: tool.pid ?? 0 };
  sampling = startSampling(reached.queues, pids);
}, 3 * MINUTES);

afterAll(async () => {
  await sampling.end();
  tool.kill('SIGKILL');
  s3.destroy();
  reached.close();
  await stopStack(join(dir, 'stack'));
  await cutPower(join(dir, 'stack'));
  await rm(dir, { recursive: true, force: true });
}, MINUTES);

const putNow = (key: string, text: string): Promise<Put> => put({ s3, bucket: DEFAULT_BUCKET, puts }, key, text);

/** Puts each file at its time, also while earlier ones are in progress. Versions of one key follow each other. */
const feed = async (): Promise<number> => {
  const began = Date.now();
  const ofKey = new Map<string, Promise<unknown>>();
  for (const { atMs, key, body } of planPuts(FILES, OVER_MS, 'load')) {
    await sleep(Math.max(0, began + atMs - Date.now()));
    const before = ofKey.get(key) ?? Promise.resolve();
    ofKey.set(
      key,
      before.then(() => putNow(key, body)),
    );
  }
  await Promise.all(ofKey.values());
  return Date.now() - began;
};

const peakOf = (samples: readonly Sample[]): number => Math.max(...samples.map(({ queued }) => queued));

it(
  `${FILES} files in ${OVER_MS / 1000} s, some corrected during runs, end in the export of the oracle`,
  async () => {
    await putNow(SONGS_KEY, SONGS);
    await putNow(USERS_KEY, USERS);
    const began = Date.now();
    const fedMs = await feed();
    const expected = puts
      .filter(({ key }) => key.startsWith('streams/'))
      .map(({ key, versionId }) => ({ key, version_id: versionId }));
    const deps = { look: () => reached.look(), screen, clock: realClock };
    const { outcome } = await watchUntilTerminal(deps, expected, PATIENCE);
    const tookMs = Date.now() - began;
    expect(outcome).toEqual({ kind: 'terminal' });
    await exportEqualToOracle({ dir, puts, reached });

    const { samples } = sampling;
    const growth = Object.fromEntries(['tool', 'stack', 'emulator'].map((name) => [name, growthOf(samples, name)]));
    const seconds = (ms: number): number => Math.round(ms / 100) / 10;
    const perMinute = Math.round((FILES / tookMs) * MINUTES);
    console.log(
      `${FILES} files put in ${seconds(fedMs)} s, terminal after ${seconds(tookMs)} s: ${perMinute} a minute; ` +
        `messages at most ${peakOf(samples)}, at the end ${samples.at(-1)?.queued}; MiB ${JSON.stringify(growth)}`,
    );
    expect(samples.at(-1)).toMatchObject({ dead: 0 });
    // Stages receive messages as they arrive: far fewer wait than were sent.
    expect(peakOf(samples)).toBeLessThan(FILES);
    for (const { first, last } of Object.values(growth)) expect(last).toBeLessThan(first * 1.5 + 50);
  },
  10 * MINUTES,
);
