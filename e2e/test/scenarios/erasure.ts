import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  type ObjectVersion,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { ERASURES_PREFIX, type FileRequested, fileId, patchesKey } from '@music-etl/contracts';
import { type Forgotten, forgetUser } from '../../../cli/src/erasure/forget-user.ts';
import { withErasure } from '../../../cli/src/erasure/with-erasure.ts';
import { reaches, reprocessed } from '../../src/documents.ts';
import { send } from '../../src/messages.ts';
import { exportEqualToOracle } from '../../src/oracle.ts';
import { emptied, put, SONGS_KEY, terminal, USERS_KEY } from '../../src/putting.ts';
import { SONGS, stream, USERS } from '../../src/rows.ts';
import { scenario } from '../../src/scenario.ts';
import type { World } from '../../src/world.ts';

const GONE = 'gone-4711';
const D = '2018-11-15';
const PATCHED = 'streams/patched.csv';

const CORRECTED = 'streams/corrected.csv';
const HELD = 'streams/held.csv';
/** Quotes: ingest prepares it. */
const QUOTED = 'streams/quoted.csv';

const corrected = [`c1,u1,T1,${D} 10:00:00`, `c2,${GONE},T1,${D} 11:00:00`, `c3,${GONE},nope,2018-11-16 10:00:00`];
const held = [`h1,u2,T2,${D} 12:00:00`, `h2,${GONE},nope,${D} 12:00:00`, `h3,${GONE},nope,${D} 13:00:00`];
/** The second one on a date of its own, so that the change log tells of it. */
const quoted = [`"q1",u1,T3,${D} 14:00:00`, `q2,"${GONE}",T3,2018-11-20 14:00:00`];
const patched = [`m1,${GONE},T1,${D} 15:00:00`, `m2,u3,T99,${D} 15:00:00`];

const forget = (world: World, dryRun: boolean): Promise<Forgotten> => {
  const screen = { line: world.log, progress: () => {} };
  return withErasure(world.reached.target, screen, '', (deps) =>
    forgetUser(deps, { userId: GONE, dryRun, yes: true, suffix: '' }),
  );
};

/** A row's track was mistyped: a person says which it is. */
const patch = async (world: World): Promise<void> => {
  const patches_key = patchesKey(fileId(PATCHED), 1, 'feed0001');
  const Body = `${JSON.stringify({ row: 2, set: { track_id: 'T2' } })}\n`;
  await world.s3.send(new PutObjectCommand({ Bucket: world.bucket, Key: patches_key, Body }));
  const request: FileRequested = {
    ...{
      type: 'file.requested',
      schema_version: 1,
      action: 'replay',
      request_id: 'feed0001',
      key: PATCHED,
      version: 1,
    },
    ...{ why: 'a typo', requested_by: 'ann', requested_at: new Date().toISOString(), patches_key },
  };
  await send(world, 'ingest', JSON.stringify(request));
  await reprocessed(world, PATCHED, 2);
  await terminal(world);
};

/** As the bucket's lifecycle does in time: then load cannot see what vanished. */
const expireUserItems = async ({ s3, bucket: Bucket }: World): Promise<void> => {
  const Prefix = `kpis/metric=user_daily/event_date=${D}/`;
  const { Versions = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket, Prefix }));
  for (const { Key } of Versions.filter(({ IsLatest }) => IsLatest)) {
    await s3.send(new DeleteObjectCommand({ Bucket, Key }));
  }
};

/** Every version of everything but the reference data and the scripts. */
const versions = async ({ s3, bucket: Bucket }: World): Promise<ObjectVersion[]> => {
  const found: ObjectVersion[] = [];
  for (let from: { KeyMarker?: string; VersionIdMarker?: string } | null = {}; from !== null; ) {
    const page: ListObjectVersionsCommandOutput = await s3.send(new ListObjectVersionsCommand({ Bucket, ...from }));
    found.push(...(page.Versions ?? []));
    from = page.IsTruncated
      ? { KeyMarker: page.NextKeyMarker ?? '', VersionIdMarker: page.NextVersionIdMarker ?? '' }
      : null;
  }
  return found.filter(({ Key = '' }) => !/^(reference|scripts)\//.test(Key));
};

const keysNaming = async (world: World): Promise<string[]> => {
  const naming = [];
  for (const { Key = '', VersionId } of await versions(world)) {
    const { Body } = await world.s3.send(new GetObjectCommand({ Bucket: world.bucket, Key, VersionId }));
    if ((await Body?.transformToString('latin1'))?.includes(GONE)) naming.push(Key);
  }
  return naming;
};

/** What the oracle is asked about from now on: files in which the user's rows never were. */
const withoutUser = (world: World): void => {
  world.puts.splice(
    0,
    world.puts.length,
    ...world.puts.map((one) => {
      const lines = one.body.toString().replace('u3,T99', 'u3,T2').split('\n');
      const body = one.key === USERS_KEY ? one.body : lines.filter((line) => !line.includes(GONE)).join('\n');
      return { ...one, body: Buffer.from(body) };
    }),
  );
};

export const describeErasure = (the: () => World): void =>
  scenario('a user who is to be forgotten', (step) => {
    step('has listens in files that were corrected, held, quoted and patched', async () => {
      const world = the();
      await emptied(world);
      await put(world, USERS_KEY, `${USERS}${GONE},Xi,60,DE,2018-01-01\n`);
      await put(world, SONGS_KEY, SONGS);
      await terminal(world);
      await put(world, CORRECTED, stream(...corrected));
      await put(world, QUOTED, stream(...quoted));
      await put(world, PATCHED, stream(...patched));
      await reaches(world, await put(world, HELD, stream(...held)), 'held');
      await terminal(world);
      await reaches(world, await put(world, CORRECTED, stream(`c0,u3,T3,${D} 09:00:00`, ...corrected)), 'archived');
      await terminal(world);
      await patch(world);
      expect(await keysNaming(world)).not.toEqual([]);
    });

    step('is found by a dry run that changes nothing', async () => {
      const world = the();
      const before = (await versions(world)).length;
      const { found, summary } = await forget(world, true);
      expect(summary).toBeNull();
      expect(found?.files.map(({ key }) => key).sort()).toEqual([CORRECTED, CORRECTED, HELD, PATCHED, QUOTED]);
      expect(await versions(world)).toHaveLength(before);
    });

    step('is gone from bucket and table, and the rest is as if they had never been there', async () => {
      const world = the();
      await expireUserItems(world);
      const { summary } = await forget(world, false);
      expect(summary?.objects).toMatchObject({ music_streaming_kpis: 1 });
      expect(await keysNaming(world)).toEqual([]);
      expect((await versions(world)).filter(({ Key = '' }) => Key.startsWith(ERASURES_PREFIX))).not.toEqual([]);
      withoutUser(world);
      await terminal(world);
      await exportEqualToOracle(world);
    });
  });
