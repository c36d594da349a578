import { BATCH_LOCK_KEY, BatchLockDocument } from '@music-etl/contracts';
import { rewrite } from '../../src/alarm-triggers.ts';
import { untilAlarm } from '../../src/alarms.ts';
import { withFault } from '../../src/gate.ts';
import { measuredSince } from '../../src/measurements.ts';
import { countDeadLetters } from '../../src/messages.ts';
import { exportEqualToOracle } from '../../src/oracle.ts';
import { reaches } from '../../src/progress.ts';
import { put } from '../../src/put.ts';
import { reconcile } from '../../src/reconcile.ts';
import { resetWithReference } from '../../src/reset.ts';
import { throttled } from '../../src/responses.ts';
import { SONGS, stream } from '../../src/rows.ts';
import { scenario } from '../../src/scenario.ts';
import { jobRole } from '../../src/stage-requests.ts';
import { untilTerminal } from '../../src/terminal.ts';
import { pause } from '../../src/until.ts';
import type { ObservedRequest } from '../../src/watcher.ts';
import type { World } from '../../src/world.ts';

const isWriteOfLoad = ({ principal, request }: ObservedRequest): boolean =>
  principal.kind === 'job' &&
  principal.role === jobRole('load') &&
  request.operation?.endsWith('.TransactWriteItems') === true;

/** Triggers the alarms about the data and about its target, as alarms.ts does for the services. */
export const describeDataAlarms = (getWorld: () => World): void =>
  scenario('data-quality alarms', (step) => {
    let since: number;

    beforeAll(() => resetWithReference(getWorld()));
    beforeEach(() => {
      since = Date.now();
    });

    step('report files that are in no run while the batch lock is held', async () => {
      const world = getWorld();
      const until = new Date(Date.now() + 600_000).toISOString();
      await rewrite(world, BATCH_LOCK_KEY, BatchLockDocument, (lock) => ({ ...lock, holder: 'nobody', until }));
      const file = await put(world, 'streams/pending.csv', stream('e4,u3,T3,2018-11-16 11:00:00'));
      await reaches(world, file, 'pending');
      await pause(1200);
      await reconcile(world, 'ingest');
      await untilAlarm(world, 'ingest', 'pending', since, 0);
      await rewrite(world, BATCH_LOCK_KEY, BatchLockDocument, (lock) => ({ ...lock, until: new Date().toISOString() }));
      await reconcile(world, 'ingest');
      await reaches(world, file, 'archived');
    });

    step('report a rejected file, a file on hold and many quarantined rows, until they are corrected', async () => {
      const world = getWorld();
      const good = 'e6,u1,T1,2018-11-17 10:00:00';
      const bad = ['e7,u8,T1,2018-11-17 10:00:00', 'e8,u9,T1,2018-11-17 10:00:00'];
      const rejected = await put(world, 'streams/rejected.csv', 'no columns of ours\n1\n');
      const held = await put(world, 'streams/held.csv', stream(good, ...bad));
      await Promise.all([reaches(world, rejected, 'rejected'), reaches(world, held, 'held')]);
      await untilAlarm(world, 'ingest', 'files-rejected', since);
      await untilAlarm(world, 'validate', 'files-held', since);
      await untilAlarm(world, 'validate', 'quarantined', since);
      const corrected = [
        await put(world, rejected.key, stream('e5,u1,T1,2018-11-16 12:00:00')),
        await put(world, held.key, stream(good)),
      ];
      await Promise.all(corrected.map((file) => reaches(world, file, 'archived')));
    });

    step('report broken reference data, until it is corrected', async () => {
      const world = getWorld();
      await put(world, 'reference/songs/more.csv', 'id,nothing\n1,2\n');
      await untilAlarm(world, 'ingest', 'reference-broken', since);
      await put(world, 'reference/songs/more.csv', SONGS);
      await untilTerminal(world);
    });

    step('do not report a table that throttles a few writes', async () => {
      const world = getWorld();
      let rejected = 0;
      await withFault(
        world,
        (request) => {
          if (!isWriteOfLoad(request) || rejected === 3) return null;
          rejected += 1;
          return throttled();
        },
        async () => {
          const file = await put(world, 'streams/throttled.csv', stream('e9,u2,T3,2018-11-17 12:00:00'));
          await reaches(world, file, 'archived');
        },
      );
      expect(rejected).toBe(3);
      expect((await measuredSince(world, since)).map(({ name }) => name)).not.toContain('JobFailures');
    });

    step('leave nothing lost and nothing counted twice', async () => {
      const world = getWorld();
      await untilTerminal(world);
      expect(await countDeadLetters(world)).toBe(0);
      await exportEqualToOracle(world);
    });
  });
