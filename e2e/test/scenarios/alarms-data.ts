import { BATCH_LOCK_KEY, BatchLockDocument } from '@music-etl/contracts';
import { rewrite } from '../../src/alarm-triggers.ts';
import { throttled } from '../../src/answers.ts';
import { reaches } from '../../src/documents.ts';
import { jobRole, whileBroken } from '../../src/faults.ts';
import { deadLetters, reconcile } from '../../src/messages.ts';
import { exportEqualToOracle } from '../../src/oracle.ts';
import { emptied, put, SONGS_KEY, terminal, USERS_KEY } from '../../src/putting.ts';
import { SONGS, stream, USERS } from '../../src/rows.ts';
import { scenario } from '../../src/scenario.ts';
import { pause } from '../../src/until.ts';
import { called, measuredSince } from '../../src/watching.ts';
import type { World } from '../../src/world.ts';

/** As alarms.ts, for what is wrong with the data, and with where it goes. */
export const describeDataAlarms = (the: () => World): void =>
  scenario('what somebody is called for in the data', (step) => {
    let since: number;

    beforeAll(async () => {
      const world = the();
      await emptied(world);
      await put(world, USERS_KEY, USERS);
      await put(world, SONGS_KEY, SONGS);
      await terminal(world);
    });
    beforeEach(() => {
      since = Date.now();
    });

    step('files that no run takes, until whoever forms runs lets go', async () => {
      const world = the();
      const until = new Date(Date.now() + 600_000).toISOString();
      await rewrite(world, BATCH_LOCK_KEY, BatchLockDocument, (lock) => ({ ...lock, holder: 'nobody', until }));
      const file = await put(world, 'streams/pending.csv', stream('e4,u3,T3,2018-11-16 11:00:00'));
      await reaches(world, file, 'pending');
      await pause(1200);
      await reconcile(world, 'ingest');
      await called(world, 'ingest', 'pending', since, 0);
      await rewrite(world, BATCH_LOCK_KEY, BatchLockDocument, (lock) => ({ ...lock, until: new Date().toISOString() }));
      await reconcile(world, 'ingest');
      await reaches(world, file, 'archived');
    });

    step(
      'a file that was rejected, one that is held, and many rows in quarantine, until both are put again',
      async () => {
        const world = the();
        const good = 'e6,u1,T1,2018-11-17 10:00:00';
        const bad = ['e7,u8,T1,2018-11-17 10:00:00', 'e8,u9,T1,2018-11-17 10:00:00'];
        const rejected = await put(world, 'streams/rejected.csv', 'no columns of ours\n1\n');
        const held = await put(world, 'streams/held.csv', stream(good, ...bad));
        await Promise.all([reaches(world, rejected, 'rejected'), reaches(world, held, 'held')]);
        await called(world, 'ingest', 'files-rejected', since);
        await called(world, 'validate', 'files-held', since);
        await called(world, 'validate', 'quarantined', since);
        const corrected = [
          await put(world, rejected.key, stream('e5,u1,T1,2018-11-16 12:00:00')),
          await put(world, held.key, stream(good)),
        ];
        await Promise.all(corrected.map((file) => reaches(world, file, 'archived')));
      },
    );

    step('reference data that cannot be used, until it is put again', async () => {
      const world = the();
      await put(world, 'reference/songs/more.csv', 'id,nothing\n1,2\n');
      await called(world, 'ingest', 'reference-broken', since);
      await put(world, 'reference/songs/more.csv', SONGS);
      await terminal(world);
    });

    step('a table that turns writes away, and takes them in the end', async () => {
      const world = the();
      let turnedAway = 0;
      await whileBroken(
        world,
        ({ who, asked }) => {
          const writes =
            who.kind === 'job' && who.role === jobRole('load') && asked.operation?.endsWith('.TransactWriteItems');
          if (!writes || turnedAway === 3) return null;
          turnedAway += 1;
          return throttled();
        },
        async () => {
          const file = await put(world, 'streams/throttled.csv', stream('e9,u2,T3,2018-11-17 12:00:00'));
          await reaches(world, file, 'archived');
        },
      );
      expect(turnedAway).toBe(3);
      expect((await measuredSince(world, since)).map(({ name }) => name)).not.toContain('JobFailures');
    });

    step('after all of it nothing is lost, and nothing counted twice', async () => {
      const world = the();
      await terminal(world);
      expect(await deadLetters(world)).toBe(0);
      await exportEqualToOracle(world);
    });
  });
