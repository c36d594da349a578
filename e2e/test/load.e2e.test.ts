import { realClock } from '../../cli/src/shared/clock.ts';
import '../src/host-errors.ts';
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { DEFAULT_BUCKET } from '@music-etl/contracts';
import { type DaemonRecord, startDaemon, stopStack, withStack } from '@music-etl/local';
import { cutPower } from '@music-etl/testing/power-cut';
import { processesNaming } from '@music-etl/testing/processes';
import { watchUntilTerminal } from '../../cli/src/shared/pipeline/watch.ts';
import { type Reached, reachTarget } from '../../cli/src/shared/reach.ts';
import { chooseTarget } from '../../cli/src/shared/target.ts';
import { deployInto } from '../../cli/src/stack/deploy.ts';
import { planPuts } from '../src/load/plan.ts';
import { growthOf, type Sample, startSampling } from '../src/load/sampler.ts';
import { exportEqualToOracle, type Validated } from '../src/oracle.ts';
import { SONGS_KEY, USERS_KEY } from '../src/putting.ts';
import { SONGS, USERS } from '../src/rows.ts';

const MINUTES = 60_000;
/** 500 in one minute are asked for: `LOAD_FILES=500 npx jest --selectProjects e2e --testPathPatterns load`. */
const FILES = Number(process.env.LOAD_FILES ?? 100);
const OVER_MS = (FILES / 500) * MINUTES;
const PATIENCE = { quietMs: 30_000, stallMs: 2 * MINUTES };
const screen = { line: () => {}, progress: () => {} };

let dir: string;
let localStack: DaemonRecord;
let reached: Reached;
let tool: ChildProcess;
let s3: S3Client;
let validated: Validated;
let sampling: ReturnType<typeof startSampling>;

const commandOf = (pid: number): string => readFileSync(`/proc/${pid}/cmdline`, 'latin1');
const ministackOf = (own: string): number =>
  processesNaming(own).find((pid) => /hypercorn/.test(commandOf(pid)) && !/supervisor/.test(commandOf(pid))) ?? 0;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'load-'));
  localStack = await startDaemon(join(dir, 'localStack'));
  await deployInto(join(dir, 'deploy'))({ ...localStack, stop: async () => {} }, screen);
  reached = reachTarget(chooseTarget({}, localStack));
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  s3 = new S3Client({ endpoint: localStack.endpoint, region: 'us-east-1', credentials, forcePathStyle: true });
  tool = spawn(process.execPath, [join(process.cwd(), 'cli', 'bin', 'music-etl.mjs'), 'status', '--watch'], {
    env: withStack(localStack.env),
    stdio: 'ignore',
  });
  validated = { dir, puts: [], reached };
  const pids = { localStack: localStack.pid, emulator: ministackOf(join(dir, 'localStack')), tool: tool.pid ?? 0 };
  sampling = startSampling(reached.queues, pids);
}, 3 * MINUTES);

afterAll(async () => {
  await sampling.end();
  tool.kill('SIGKILL');
  s3.destroy();
  reached.close();
  await stopStack(join(dir, 'localStack'));
  await cutPower(join(dir, 'localStack'));
  await rm(dir, { recursive: true, force: true });
}, MINUTES);

const put = async (key: string, text: string): Promise<void> => {
  const body = Buffer.from(text);
  const { VersionId = '' } = await s3.send(new PutObjectCommand({ Bucket: DEFAULT_BUCKET, Key: key, Body: body }));
  validated.puts.push({ key, body, versionId: VersionId, at: new Date().toISOString() });
};

/** Puts each at its time, whether those before are through or not; versions of one key one after the other. */
const feed = async (): Promise<number> => {
  const began = Date.now();
  const ofKey = new Map<string, Promise<void>>();
  for (const { atMs, key, body } of planPuts(FILES, OVER_MS, 'load')) {
    await sleep(Math.max(0, began + atMs - Date.now()));
    const before = ofKey.get(key) ?? Promise.resolve();
    ofKey.set(
      key,
      before.then(() => put(key, body)),
    );
  }
  await Promise.all(ofKey.values());
  return Date.now() - began;
};

const peakOf = (samples: readonly Sample[]): number => Math.max(...samples.map(({ queued }) => queued));

it(
  `${FILES} files within ${OVER_MS / 1000} s, some corrected while runs are under way, all awaitTerminal in the export of the oracle`,
  async () => {
    await put(SONGS_KEY, SONGS);
    await put(USERS_KEY, USERS);
    const began = Date.now();
    const fedMs = await feed();
    const expected = validated.puts
      .filter(({ key }) => key.startsWith('streams/'))
      .map(({ key, versionId }) => ({ key, version_id: versionId }));
    const deps = { look: () => reached.look(), screen, clock: realClock };
    const { outcome } = await watchUntilTerminal(deps, expected, PATIENCE);
    const tookMs = Date.now() - began;
    expect(outcome).toEqual({ kind: 'terminal' });
    await exportEqualToOracle(validated);

    const { samples } = sampling;
    const growth = Object.fromEntries(
      ['tool', 'localStack', 'emulator'].map((name) => [name, growthOf(samples, name)]),
    );
    const seconds = (ms: number): number => Math.round(ms / 100) / 10;
    const perMinute = Math.round((FILES / tookMs) * MINUTES);
    console.log(
      `${FILES} files put in ${seconds(fedMs)} s, terminal after ${seconds(tookMs)} s: ${perMinute} a minute; ` +
        `messages at most ${peakOf(samples)}, at last ${samples.at(-1)?.queued}; MiB ${JSON.stringify(growth)}`,
    );
    expect(samples.at(-1)).toMatchObject({ dead: 0 });
    // Messages are taken as they come: far fewer wait than were sent.
    expect(peakOf(samples)).toBeLessThan(FILES);
    for (const { first, last } of Object.values(growth)) expect(last).toBeLessThan(first * 1.5 + 50);
  },
  10 * MINUTES,
);
