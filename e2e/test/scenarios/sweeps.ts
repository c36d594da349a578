import { fileId, replayKey } from '@music-etl/contracts';
import { fileOf, newestOf, objectExists, referenceOf, write } from '../../src/documents.ts';
import { notify, withoutNotifications } from '../../src/notifications.ts';
import { exportEqualToOracle } from '../../src/oracle.ts';
import { reaches, reprocessed } from '../../src/progress.ts';
import { put, USERS_KEY } from '../../src/put.ts';
import { reconcile } from '../../src/reconcile.ts';
import { resetWithReference } from '../../src/reset.ts';
import { stream, usersAnd } from '../../src/rows.ts';
import { scenario } from '../../src/scenario.ts';
import { untilTerminal } from '../../src/terminal.ts';
import { pause } from '../../src/until.ts';
import type { World } from '../../src/world.ts';

const EARLY = 'streams/early.csv';
const EARLY_ROWS = stream('e1,u1,T1,2018-11-15 10:00:00', 'e4,u2,T2,2018-11-16 11:00:00');
const UNHEARD = stream('s1,u6,T3,2018-11-18 10:00:00', 's2,u3,T3,2018-11-18 11:00:00');

/** Waits until the sweep considers a notification lost: here after a second. */
const untilLost = (): Promise<void> => pause(2000);

export const describeSweeps = (getWorld: () => World): void =>
  scenario('lost notifications', (step) => {
    beforeAll(() => resetWithReference(getWorld()));

    step('of a file, a repeat and reference data are found by the reconciler', async () => {
      const world = getWorld();
      await reaches(world, await put(world, EARLY, EARLY_ROWS), 'archived');
      await untilTerminal(world);
      const { file, repeat, users } = await withoutNotifications(world, async () => ({
        file: await put(world, 'streams/unheard.csv', UNHEARD),
        repeat: await put(world, EARLY, EARLY_ROWS),
        users: await put(world, USERS_KEY, usersAnd('u6')),
      }));
      await untilLost();
      expect(await newestOf(world, file.key)).toBeUndefined();
      await reconcile(world, 'ingest');
      await untilTerminal(world);
      expect(await newestOf(world, file.key)).toMatchObject({ state: 'archived', ledger: { accepted: 2 } });
      expect(await objectExists(world, repeat)).toBe(false);
      const sources = (await referenceOf(world))?.sources.map(({ version_id }) => version_id);
      expect(sources).toContain(users.versionId);
      await exportEqualToOracle(world);
    });

    step('of an older version are made up for by a newer one; on hold, it leaves the older current', async () => {
      const world = getWorld();
      const key = 'streams/overtaken.csv';
      const { first, second } = await withoutNotifications(world, async () => ({
        first: await put(world, key, stream('o1,u1,T1,2018-11-19 10:00:00')),
        second: await put(world, key, stream('o2,nobody,T1,2018-11-19 10:00:00')),
      }));
      await notify(world, second, 'F2');
      await reaches(world, first, 'archived');
      expect((await reaches(world, second, 'held')).version).toBe(2);
      await notify(world, first, 'F1');
      await untilTerminal(world);
      expect((await fileOf(world, key))?.versions).toMatchObject([{ sequencer: 'F1' }, { sequencer: 'F2' }]);
      await exportEqualToOracle(world);
    });

    step('of a replay marker are found by the reconciler, and nothing counts twice', async () => {
      const world = getWorld();
      const replay = {
        of: 1,
        cause: 'erasure:20261123T100502123-9f86d081',
        why: 'the archived file was rewritten',
        requested_by: 'ann',
        requested_at: new Date().toISOString(),
        accept: true,
        patches_key: null,
      };
      const file_id = fileId(EARLY);
      const marker = JSON.stringify({ schema_version: 1, file_id, key: EARLY, replay });
      await write(world, replayKey(file_id, replay.of, replay.cause), marker);
      await reconcile(world, 'ingest');
      expect(await reprocessed(world, EARLY, 2)).toMatchObject({ ledger: { accepted: 2 } });
      await untilTerminal(world);
      await exportEqualToOracle(world);
    });
  });
