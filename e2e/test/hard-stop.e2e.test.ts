import { realClock } from '../../cli/src/shared/clock.ts';
import '../src/host-errors.ts';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  connect,
  createFaultPlan,
  type DaemonRecord,
  runReconcilersOften,
  stackStatus,
  startDaemon,
  stopStack,
} from '@music-etl/local';
import { cutPower } from '@music-etl/testing/power-cut';
import { exportTo } from '../../cli/src/export/export-to.ts';
import { putAll } from '../../cli/src/put/put.ts';
import type { Upload } from '../../cli/src/put/upload.ts';
import { readInputDirectory } from '../../cli/src/run/input-directory.ts';
import type { Expected } from '../../cli/src/shared/pipeline/outcome.ts';
import { watchUntilTerminal } from '../../cli/src/shared/pipeline/watch.ts';
import { type Reached, reachTarget } from '../../cli/src/shared/reach.ts';
import { chooseTarget } from '../../cli/src/shared/target.ts';
import { copyDeployed, deployOnce, floorsOf } from '../src/seeds/deployed.ts';
import { passThrough } from '../src/seeds/pass.ts';
import { plainHostile, readExport } from '../src/tool.ts';

const MINUTES = 60_000;
/** A small directory with held, rejected and archived files; any seed would do. */
const DATA_SEED = 2;
/** The moments of the stops, the same in every run of CI: `HARD_STOP_SEED=7 npx jest --selectProjects e2e --testPathPatterns hard-stop` tries others. */
const SEED = process.env.HARD_STOP_SEED ?? '1';
const STOPS = Number(process.env.HARD_STOPS ?? 4);
/** A small run is through all stages in about this time. */
const WITHIN_MS = 9_000;
const PATIENCE = { quietMs: 30_000, stallMs: 3 * MINUTES };
const screen = { line: () => {}, progress: () => {} };

let dir: string;
let template: string;
let calm: Record<string, string> | null;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'hard-stop-'));
  await plainHostile(DATA_SEED, join(dir, 'data'));
  template = await deployOnce(dir, screen);
  const deployed = await floorsOf(template, join(dir, 'localStacks'));
  const options = { deployed, data: join(dir, 'data'), dir: join(dir, 'calm'), faults: null };
  calm = (await passThrough({ ...options, isGood: () => true })).exported;
}, 5 * MINUTES);
afterAll(() => rm(dir, { recursive: true, force: true }));

/** The local stack as `music-etl up` starts it, with reconcilers that run more often than by the minute. */
const starting = async (own: string): Promise<{ record: DaemonRecord; reached: Reached; close: () => void }> => {
  const record = await startDaemon(own);
  const clients = connect(record.endpoint);
  const rest = runReconcilersOften(clients);
  const reached = reachTarget(chooseTarget({}, record));
  const close = (): void => {
    rest();
    reached.close();
    clients.close();
  };
  return { record, reached, close };
};

const shares = (uploads: readonly Upload[], n: number): Upload[][] =>
  Array.from({ length: n }, (_, i) => uploads.filter((_, j) => j % n === i));

it(
  `a local stack that loses its power at ${STOPS} random moments (seed ${SEED}) ends, started again each time, in the export of one that does not`,
  async () => {
    const own = join(dir, 'own');
    await copyDeployed(template, own);
    const faultPlan = createFaultPlan(SEED);
    const { uploads } = await readInputDirectory(join(dir, 'data'));
    const expected: Expected[] = [];
    try {
      for (const [i, share] of shares(uploads, STOPS).entries()) {
        const { reached, close } = await starting(own);
        expected.push(...(await putAll(reached.objects, share, screen)));
        await sleep(faultPlan('moment', i) * WITHIN_MS);
        close();
        await cutPower(own);
        expect(await stackStatus(own)).toBeNull();
      }
      const { reached, close } = await starting(own);
      const deps = { look: () => reached.look(), screen, clock: realClock };
      const { outcome } = await watchUntilTerminal(deps, expected, PATIENCE);
      expect(outcome).toEqual({ kind: 'terminal' });
      const { incomplete } = await exportTo(reached, screen, join(dir, 'out'));
      close();
      expect(incomplete).toEqual([]);
      expect(await readExport(join(dir, 'out'))).toEqual(calm);
    } finally {
      await stopStack(own);
      await cutPower(own);
    }
  },
  10 * MINUTES,
);
