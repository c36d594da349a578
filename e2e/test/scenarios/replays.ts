import { HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { type FileRequested, fileId, replayKey } from '@music-etl/contracts';
import { fileOf, newestOf, reaches, referenceOf, reprocessed } from '../../src/documents.ts';
import { deadLetter, reconcile, send, throwAway } from '../../src/messages.ts';
import { tellOf, whileUntold } from '../../src/notifications.ts';
import { exportEqualToOracle } from '../../src/oracle.ts';
import { emptied, put, SONGS_KEY, terminal, USERS_KEY } from '../../src/putting.ts';
import { SONGS, stream, USERS } from '../../src/rows.ts';
import { scenario } from '../../src/scenario.ts';
import { pause, until } from '../../src/until.ts';
import type { Put, World } from '../../src/world.ts';

const EARLY = 'streams/early.csv';
const HELD = 'streams/held.csv';
const BAD = 'streams/bad.csv';
const EARLY_ROWS = stream(
  'e1,u1,T1,2018-11-15 10:00:00',
  'e2,u9,T1,2018-11-15 11:00:00',
  'e3,u1,T9,2018-11-16 10:00:00',
  'e4,u2,T2,2018-11-16 11:00:00',
);

/** The users file with some more users. */
const usersAnd = (...ids: string[]): string => USERS + ids.map((id) => `${id},New,20,DE,2018-01-01\n`).join('');

/** A person's word on a file, as music-etl sends it. */
const ask = async (world: World, changes: Partial<FileRequested>): Promise<string> => {
  const request: FileRequested = {
    type: 'file.requested',
    schema_version: 1,
    action: 'replay',
    request_id: '0000abcd',
    key: HELD,
    version: 1,
    why: 'they are known by now',
    requested_by: 'ann',
    requested_at: new Date().toISOString(),
    patches_key: null,
    ...changes,
  };
  await send(world, 'ingest', JSON.stringify(request));
  return request.request_id;
};

/** Old enough for the sweep: in tests a notification is late after a second. */
const lateEnough = (): Promise<void> => pause(2000);

const isThere = ({ s3, bucket }: World, { key, versionId }: Put): Promise<boolean> =>
  s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key, VersionId: versionId })).then(
    () => true,
    () => false,
  );

export const describeReplays = (the: () => World): void =>
  scenario('files that are reprocessed', (step) => {
    beforeAll(async () => {
      const world = the();
      await emptied(world);
      await put(world, USERS_KEY, USERS);
      await put(world, SONGS_KEY, SONGS);
      await terminal(world);
    });

    step('rows of unknown users and tracks count by themselves once a snapshot knows them', async () => {
      const world = the();
      const early = await put(world, EARLY, EARLY_ROWS);
      await reaches(world, early, 'archived');
      await terminal(world);
      await exportEqualToOracle(world);
      await put(world, USERS_KEY, usersAnd('u9'));
      expect(await reprocessed(world, EARLY, 2)).toMatchObject({
        content_version: 1,
        ledger: { read: 4, accepted: 3, quarantined: { unknown_track: 1 } },
      });
      await terminal(world);
      await exportEqualToOracle(world);
      await put(world, SONGS_KEY, `${SONGS}3,T9,Di,Ninth,Nine,10,100000,False,folk\n`);
      expect(await reprocessed(world, EARLY, 3)).toMatchObject({ ledger: { accepted: 4 }, replay: { of: 2 } });
      await terminal(world);
      await exportEqualToOracle(world);
    });

    step(
      'a held file counts once it is released, with the rows that are good, however often that is said',
      async () => {
        const world = the();
        const rows = ['h1,u7,T1,2018-11-15 12:00:00', 'h2,u8,T1,2018-11-15 13:00:00', 'h3,u1,T2,2018-11-17 12:00:00'];
        await reaches(world, await put(world, HELD, stream(...rows)), 'held');
        await terminal(world);
        for (let i = 0; i < 2; i += 1) await ask(world, { action: 'release' });
        expect(await reprocessed(world, HELD, 2)).toMatchObject({
          ledger: { accepted: 1, quarantined: { unknown_user: 2 } },
          replay: { of: 1, accept: true, requested_by: 'ann' },
        });
        await terminal(world);
        await ask(world, { action: 'release' });
        await terminal(world);
        expect((await fileOf(world, HELD))?.versions).toHaveLength(2);
        await put(world, USERS_KEY, usersAnd('u7', 'u8', 'u9'));
        expect(await reprocessed(world, HELD, 3)).toMatchObject({ ledger: { accepted: 3, quarantined: {} } });
        await terminal(world);
        await exportEqualToOracle(world);
      },
    );

    step(
      'a held file that is rejected says why; what can never be done is a dead letter that names the file',
      async () => {
        const world = the();
        await reaches(world, await put(world, BAD, stream('b1,nobody,T1,2018-11-15 14:00:00')), 'held');
        await terminal(world);
        await ask(world, { action: 'reject', key: BAD, why: 'a test of the sender' });
        await until(world, 'the file is rejected', async () => (await newestOf(world, BAD))?.state === 'rejected');
        expect((await newestOf(world, BAD))?.reason).toEqual({
          code: 'rejected_manually',
          detail: 'a test of the sender (ann)',
        });
        const request_id = await ask(world, { action: 'release', key: BAD, request_id: 'feedbeef' });
        const letter = await deadLetter(world, 'ingest', request_id);
        expect(letter.attributes).toMatchObject({ reason: 'impossible request' });
        expect(letter.attributes.error).toContain(`${BAD} version 1: it is rejected, not on hold`);
        await throwAway(world, 'ingest');
        await reaches(world, await put(world, BAD, stream('b1,u2,T1,2018-11-15 14:00:00')), 'archived');
        await terminal(world);
        await exportEqualToOracle(world);
      },
    );

    step('what S3 told nobody of is found: a file, a repeat, reference data', async () => {
      const world = the();
      const [file, repeat, users] = await whileUntold(world, async () => [
        await put(world, 'streams/unheard.csv', stream('s1,u6,T3,2018-11-18 10:00:00', 's2,u3,T3,2018-11-18 11:00:00')),
        await put(world, EARLY, EARLY_ROWS),
        await put(world, USERS_KEY, usersAnd('u6', 'u7', 'u8', 'u9')),
      ]);
      await lateEnough();
      expect(await newestOf(world, file?.key ?? '')).toBeUndefined();
      await reconcile(world, 'ingest');
      await terminal(world);
      expect(await newestOf(world, file?.key ?? '')).toMatchObject({ state: 'archived', ledger: { accepted: 2 } });
      if (repeat) expect(await isThere(world, repeat)).toBe(false);
      const sources = (await referenceOf(world))?.sources.map(({ version_id }) => version_id);
      expect(sources).toContain(users?.versionId);
      await exportEqualToOracle(world);
    });

    step(
      'an event that overtakes that of an older version takes it along: held, it leaves the older standing',
      async () => {
        const world = the();
        const key = 'streams/overtaken.csv';
        const [first, second] = await whileUntold(world, async () => [
          await put(world, key, stream('o1,u1,T1,2018-11-19 10:00:00')),
          await put(world, key, stream('o2,nobody,T1,2018-11-19 10:00:00')),
        ]);
        if (!first || !second) throw new Error('nothing was put');
        await tellOf(world, second, 'F2');
        await reaches(world, first, 'archived');
        expect((await reaches(world, second, 'held')).version).toBe(2);
        await tellOf(world, first, 'F1');
        await terminal(world);
        expect((await fileOf(world, key))?.versions).toMatchObject([{ sequencer: 'F1' }, { sequencer: 'F2' }]);
        await exportEqualToOracle(world);
      },
    );

    step('a marker that nobody told ingest of is found by its reconciler, and nothing counts twice', async () => {
      const world = the();
      const replay = {
        of: 3,
        cause: 'erasure:20261123T100502123-9f86d081',
        why: 'the archived file was written anew',
        requested_by: 'ann',
        requested_at: new Date().toISOString(),
        accept: true,
        patches_key: null,
      };
      const file_id = fileId(EARLY);
      const Body = JSON.stringify({ schema_version: 1, file_id, key: EARLY, replay });
      const Key = replayKey(file_id, replay.of, replay.cause);
      await world.s3.send(new PutObjectCommand({ Bucket: world.bucket, Key, Body }));
      await reconcile(world, 'ingest');
      expect(await reprocessed(world, EARLY, 4)).toMatchObject({ ledger: { accepted: 4 } });
      await terminal(world);
      await exportEqualToOracle(world);
    });
  });
