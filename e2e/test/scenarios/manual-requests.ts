import { activeKey, DateDocument, dateKey, runKey } from '@music-etl/contracts';
import { newestOf, read, referenceOf, write } from '../../src/documents.ts';
import { requestPatches } from '../../src/file-requests.ts';
import { sendStageRequest } from '../../src/messages.ts';
import { reaches, reprocessed, stageReaches } from '../../src/progress.ts';
import { put } from '../../src/put.ts';
import { resetWithReference } from '../../src/reset.ts';
import { stream } from '../../src/rows.ts';
import { scenario } from '../../src/scenario.ts';
import { untilTerminal } from '../../src/terminal.ts';
import { until } from '../../src/until.ts';
import type { World } from '../../src/world.ts';

const KEY = 'streams/patched.csv';
const BACKFILL = '20261123T100502123-9f86d081';

const generationOf = async (world: World, date: string): Promise<number | undefined> =>
  (await read(world, dateKey(date), DateDocument))?.generation;

/** Creates a run of kpi and the stages after it, as `music-etl backfill` does. */
const startBackfill = async (world: World, dates: string[]): Promise<void> => {
  const run = {
    ...{ schema_version: 1, run_id: BACKFILL, created_at: new Date().toISOString(), files: [] },
    ...{ reference_changed: false, dates, why: 'to compute it again' },
    reference_version: (await referenceOf(world))?.reference_version,
  };
  await write(world, runKey(BACKFILL), JSON.stringify(run));
  await write(world, activeKey(BACKFILL, 'kpi'), JSON.stringify({ run_id: BACKFILL }));
  await sendStageRequest(world, 'kpi', BACKFILL);
};

export const describeManualRequests = (getWorld: () => World): void =>
  scenario('requests of an operator', (step) => {
    beforeAll(() => resetWithReference(getWorld()));

    step('row patches count in place of the values in the file', async () => {
      const world = getWorld();
      const rows = stream('m1,u1,T1,2018-11-15 10:00:00', 'm2,u2,T2,soon', 'm3,u3,T3,2018-11-25 10:00:00');
      await reaches(world, await put(world, KEY, rows), 'archived');
      await untilTerminal(world);
      const patches = '{"row": 2, "set": {"listen_time": "2018-11-16 10:00:00"}}\n';
      await requestPatches(world, { key: KEY, version: 1, id: '0000fade', patches });
      expect(await reprocessed(world, KEY, 2)).toMatchObject({
        ledger: { read: 3, accepted: 3, quarantined: {} },
        dates: { '2018-11-15': 1, '2018-11-16': 1, '2018-11-25': 1 },
      });
      await untilTerminal(world);
    });

    step('a patch of a missing row rejects the replay, and the current version keeps counting', async () => {
      const world = getWorld();
      const patches = '{"row": 9, "set": {"user_id": "u1"}}\n';
      await requestPatches(world, { key: KEY, version: 2, id: '0000beef', patches });
      await until(world, 'the replay is rejected', async () => (await newestOf(world, KEY))?.state === 'rejected');
      expect(await newestOf(world, KEY)).toMatchObject({
        version: 3,
        reason: { code: 'bad_patches', detail: expect.stringMatching(/^line 1 of .*: row 9 does not exist/) },
      });
      await untilTerminal(world);
      expect((await read(world, dateKey('2018-11-16'), DateDocument))?.ledger).toMatchObject({
        accepted: 1,
        counted: 1,
      });
    });

    step('a backfill computes exactly its dates, and runs all later stages', async () => {
      const world = getWorld();
      const before = await generationOf(world, '2018-11-25');
      const first = (await generationOf(world, '2018-11-15')) ?? 0;
      await startBackfill(world, ['2018-11-15']);
      await stageReaches(world, BACKFILL, 'archive', ({ state }) => state === 'closed');
      await untilTerminal(world);
      expect(await generationOf(world, '2018-11-15')).toBeGreaterThan(first);
      expect(await generationOf(world, '2018-11-25')).toBe(before);
    });
  });
