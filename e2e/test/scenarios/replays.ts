import { fileOf, newestOf } from '../../src/documents.ts';
import { requestFile } from '../../src/file-requests.ts';
import { deadLetter, purgeDeadLetters } from '../../src/messages.ts';
import { exportEqualToOracle } from '../../src/oracle.ts';
import { reaches, reprocessed } from '../../src/progress.ts';
import { put, SONGS_KEY, USERS_KEY } from '../../src/put.ts';
import { resetWithReference } from '../../src/reset.ts';
import { SONGS, stream, usersAnd } from '../../src/rows.ts';
import { scenario } from '../../src/scenario.ts';
import { untilTerminal } from '../../src/terminal.ts';
import { until } from '../../src/until.ts';
import type { World } from '../../src/world.ts';

const EARLY = 'streams/early.csv';
const HELD = 'streams/held.csv';
const BAD = 'streams/bad.csv';
const EARLY_ROWS = stream(
  'e1,u1,T1,2018-11-15 10:00:00',
  'e2,u9,T1,2018-11-15 11:00:00',
  'e3,u1,T9,2018-11-16 10:00:00',
  'e4,u2,T2,2018-11-16 11:00:00',
);

const release = (world: World) => requestFile(world, { key: HELD, action: 'release' });

export const describeReplays = (getWorld: () => World): void =>
  scenario('files that are reprocessed', (step) => {
    beforeAll(() => resetWithReference(getWorld()));

    step('count rows of unknown users and tracks once a snapshot has them', async () => {
      const world = getWorld();
      const early = await put(world, EARLY, EARLY_ROWS);
      await reaches(world, early, 'archived');
      await untilTerminal(world);
      await exportEqualToOracle(world);
      await put(world, USERS_KEY, usersAnd('u9'));
      expect(await reprocessed(world, EARLY, 2)).toMatchObject({
        content_version: 1,
        ledger: { read: 4, accepted: 3, quarantined: { unknown_track: 1 } },
      });
      await untilTerminal(world);
      await exportEqualToOracle(world);
      await put(world, SONGS_KEY, `${SONGS}3,T9,Di,Ninth,Nine,10,100000,False,folk\n`);
      expect(await reprocessed(world, EARLY, 3)).toMatchObject({ ledger: { accepted: 4 }, replay: { of: 2 } });
      await untilTerminal(world);
      await exportEqualToOracle(world);
    });

    step('count their good rows once released from hold, however often that is requested', async () => {
      const world = getWorld();
      const rows = ['h1,u7,T1,2018-11-15 12:00:00', 'h2,u8,T1,2018-11-15 13:00:00', 'h3,u1,T2,2018-11-17 12:00:00'];
      await reaches(world, await put(world, HELD, stream(...rows)), 'held');
      await untilTerminal(world);
      for (let i = 0; i < 2; i += 1) await release(world);
      expect(await reprocessed(world, HELD, 2)).toMatchObject({
        ledger: { accepted: 1, quarantined: { unknown_user: 2 } },
        replay: { of: 1, accept: true, requested_by: 'ann' },
      });
      await untilTerminal(world);
      await release(world);
      await untilTerminal(world);
      expect((await fileOf(world, HELD))?.versions).toHaveLength(2);
      await put(world, USERS_KEY, usersAnd('u7', 'u8', 'u9'));
      expect(await reprocessed(world, HELD, 3)).toMatchObject({ ledger: { accepted: 3, quarantined: {} } });
      await untilTerminal(world);
      await exportEqualToOracle(world);
    });

    step('on request are rejected with a reason; an impossible request is a dead-letter message', async () => {
      const world = getWorld();
      await reaches(world, await put(world, BAD, stream('b1,nobody,T1,2018-11-15 14:00:00')), 'held');
      await untilTerminal(world);
      await requestFile(world, { action: 'reject', key: BAD, why: 'a test of the sender' });
      await until(world, 'the file is rejected', async () => (await newestOf(world, BAD))?.state === 'rejected');
      expect((await newestOf(world, BAD))?.reason).toEqual({
        code: 'rejected_manually',
        detail: 'a test of the sender (ann)',
      });
      const request_id = await requestFile(world, { action: 'release', key: BAD, request_id: 'feedbeef' });
      const { attributes } = await deadLetter(world, 'ingest', request_id);
      expect(attributes).toMatchObject({ reason: 'impossible request' });
      expect(attributes.error).toContain(`${BAD} version 1: it is rejected, not on hold`);
      await purgeDeadLetters(world, 'ingest');
      await reaches(world, await put(world, BAD, stream('b1,u2,T1,2018-11-15 14:00:00')), 'archived');
      await untilTerminal(world);
      await exportEqualToOracle(world);
    });
  });
