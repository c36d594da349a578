import '../src/host-errors.ts';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect, createFaultPlan, runReconcilersOften, stackStatus, startDaemon, stopStack } from '@music-etl/local';
import { cutPower } from '@music-etl/testing/power-cut';
import { exportTo } from '../../cli/src/export/export-to.ts';
import { putAll } from '../../cli/src/put/put.ts';
import type { Upload } from '../../cli/src/put/upload.ts';
import { readInputDirectory } from '../../cli/src/run/input-directory.ts';
import { realClock } from '../../cli/src/shared/clock.ts';
import type { Expected } from '../../cli/src/shared/pipeline/outcome.ts';
import { watchUntilTerminal } from '../../cli/src/shared/pipeline/watch.ts';
import { type Reached, reachTarget } from '../../cli/src/shared/reach.ts';
import { chooseTarget } from '../../cli/src/shared/target.ts';
import { writeHostileDirectory } from '../src/hostile.ts';
import { copyDeployed, deployOnce, freshStacks } from '../src/seeds/deployed.ts';
import { runDirectory } from '../src/seeds/run-directory.ts';
import { readExport } from '../src/tool.ts';

const MINUTES = 60_000;
/** Generates a small directory with archived, rejected and held files. */
const DATA_SEED = 2;
/** Decides the moments of the stops; CI uses the same ones in every run. */
const SEED = process.env.HARD_STOP_SEED ?? '1';
const STOPS = Number(process.env.HARD_STOPS ?? 4);
/** About the time that a small run takes for all stages. */
const WITHIN_MS = 9_000;
const PATIENCE = { quietMs: 30_000, stallMs: 3 * MINUTES };
const screen = { line: () => {}, progress: () => {} };

let dir: string;
let template: string;
let baseline: Record<string, string> | null;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'hard-stop-'));
  await writeHostileDirectory(DATA_SEED, join(dir, 'data'));
  template = await deployOnce(dir, screen);
  const stacks = await freshStacks(template, join(dir, 'stacks'));
  const options = { stacks, data: join(dir, 'data'), dir: join(dir, 'baseline'), faults: null };
  baseline = (await runDirectory({ ...options, isExpected: () => true })).exported;
}, 5 * MINUTES);
afterAll(() => rm(dir, { recursive: true, force: true }));

/** Starts the local stack as `music-etl up` does, with reconcilers that run more often than every minute. */
const start = async (stateDir: string): Promise<{ reached: Reached; close: () => void }> => {
  const record = await startDaemon(stateDir);
  const clients = connect(record.endpoint);
  const stopReconcilers = runReconcilersOften(clients);
  const reached = reachTarget(chooseTarget({}, record));
  const close = (): void => {
    stopReconcilers();
    reached.close();
    clients.close();
  };
  return { reached, close };
};

const shares = (uploads: readonly Upload[], n: number): Upload[][] =>
  Array.from({ length: n }, (_, i) => uploads.filter((_, j) => j % n === i));

/** Puts all files, and cuts the power within each share of them. */
const putWithPowerCuts = async (stateDir: string): Promise<Expected[]> => {
  const faultPlan = createFaultPlan(SEED);
  const { uploads } = await readInputDirectory(join(dir, 'data'));
  const expected: Expected[] = [];
  for (const [i, share] of shares(uploads, STOPS).entries()) {
    const { reached, close } = await start(stateDir);
    expected.push(...(await putAll(reached.objects, share, screen)));
    await sleep(faultPlan('moment', i) * WITHIN_MS);
    close();
    await cutPower(stateDir);
    expect(await stackStatus(stateDir)).toBeNull();
  }
  return expected;
};

it(
  `a local stack with ${STOPS} power cuts (seed ${SEED}) ends in the same export as one without`,
  async () => {
    const stateDir = join(dir, 'stack');
    await copyDeployed(template, stateDir);
    try {
      const expected = await putWithPowerCuts(stateDir);
      const { reached, close } = await start(stateDir);
      const deps = { look: () => reached.look(), screen, clock: realClock };
      const { outcome } = await watchUntilTerminal(deps, expected, PATIENCE);
      expect(outcome).toEqual({ kind: 'terminal' });
      const { incomplete } = await exportTo(reached, screen, join(dir, 'out'));
      close();
      expect(incomplete).toEqual([]);
      expect(await readExport(join(dir, 'out'))).toEqual(baseline);
    } finally {
      await stopStack(stateDir);
      await cutPower(stateDir);
    }
  },
  10 * MINUTES,
);
