import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  type ObjectVersion,
} from '@aws-sdk/client-s3';
import { ERASURES_PREFIX } from '@music-etl/contracts';
import { type Forgotten, forgetUser } from '../../../cli/src/erasure/forget-user.ts';
import { withErasure } from '../../../cli/src/erasure/with-erasure.ts';
import { requestPatches } from '../../src/file-requests.ts';
import { exportEqualToOracle } from '../../src/oracle.ts';
import { reaches, reprocessed } from '../../src/progress.ts';
import { put, USERS_KEY } from '../../src/put.ts';
import { resetWithReference } from '../../src/reset.ts';
import { stream, USERS } from '../../src/rows.ts';
import { scenario } from '../../src/scenario.ts';
import { untilTerminal } from '../../src/terminal.ts';
import type { World } from '../../src/world.ts';

const GONE = 'gone-4711';
const D = '2018-11-15';
const PATCHED = 'streams/patched.csv';
const CORRECTED = 'streams/corrected.csv';
const HELD = 'streams/held.csv';
/** Has quotes, so ingest prepares a copy of it. */
const QUOTED = 'streams/quoted.csv';

const corrected = [`c1,u1,T1,${D} 10:00:00`, `c2,${GONE},T1,${D} 11:00:00`, `c3,${GONE},nope,2018-11-16 10:00:00`];
const held = [`h1,u2,T2,${D} 12:00:00`, `h2,${GONE},nope,${D} 12:00:00`, `h3,${GONE},nope,${D} 13:00:00`];
/** The second row has a date of its own, so that the change log has the user. */
const quoted = [`"q1",u1,T3,${D} 14:00:00`, `q2,"${GONE}",T3,2018-11-20 14:00:00`];
const patched = [`m1,${GONE},T1,${D} 15:00:00`, `m2,u3,T99,${D} 15:00:00`];

const forget = (world: World, dryRun: boolean): Promise<Forgotten> => {
  const screen = { line: world.log, progress: () => {} };
  return withErasure(world.reached.target, screen, '', (deps) =>
    forgetUser(deps, { userId: GONE, dryRun, yes: true, suffix: '' }),
  );
};

/** Deletes user items as the bucket's lifecycle does in time: then load cannot compare with them. */
const expireUserItems = async ({ s3, bucket: Bucket }: World): Promise<void> => {
  const Prefix = `kpis/metric=user_daily/event_date=${D}/`;
  const { Versions = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket, Prefix }));
  for (const { Key } of Versions.filter(({ IsLatest }) => IsLatest)) {
    await s3.send(new DeleteObjectCommand({ Bucket, Key }));
  }
};

/** Returns every version of every object but the reference data and the scripts. */
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

/** Returns the keys of all versions that contain the user's id. */
const keysNamingUser = async (world: World): Promise<string[]> => {
  const naming = [];
  for (const { Key = '', VersionId } of await versions(world)) {
    const { Body } = await world.s3.send(new GetObjectCommand({ Bucket: world.bucket, Key, VersionId }));
    if ((await Body?.transformToString('latin1'))?.includes(GONE)) naming.push(Key);
  }
  return naming;
};

/** Changes the oracle's input to files that never had the user's rows. */
const removeUserFromPuts = ({ puts }: World): void => {
  const without = puts.map((one) => {
    const lines = one.body.toString().replace('u3,T99', 'u3,T2').split('\n');
    const body = one.key === USERS_KEY ? one.body : lines.filter((line) => !line.includes(GONE)).join('\n');
    return { ...one, body: Buffer.from(body) };
  });
  puts.splice(0, puts.length, ...without);
};

export const describeErasure = (getWorld: () => World): void =>
  scenario('a user to be erased', (step) => {
    step('has listens in files that are corrected, on hold, quoted and patched', async () => {
      const world = getWorld();
      await resetWithReference(world, `${USERS}${GONE},Xi,60,DE,2018-01-01\n`);
      await put(world, CORRECTED, stream(...corrected));
      await put(world, QUOTED, stream(...quoted));
      await put(world, PATCHED, stream(...patched));
      await reaches(world, await put(world, HELD, stream(...held)), 'held');
      await untilTerminal(world);
      await reaches(world, await put(world, CORRECTED, stream(`c0,u3,T3,${D} 09:00:00`, ...corrected)), 'archived');
      await untilTerminal(world);
      const patches = `${JSON.stringify({ row: 2, set: { track_id: 'T2' } })}\n`;
      await requestPatches(world, { key: PATCHED, version: 1, id: 'feed0001', patches });
      await reprocessed(world, PATCHED, 2);
      await untilTerminal(world);
      expect(await keysNamingUser(world)).not.toEqual([]);
    });

    step('is found by a dry run that changes nothing', async () => {
      const world = getWorld();
      const before = (await versions(world)).length;
      const { found, summary } = await forget(world, true);
      expect(summary).toBeNull();
      expect(found?.files.map(({ key }) => key).sort()).toEqual([CORRECTED, CORRECTED, HELD, PATCHED, QUOTED]);
      expect(await versions(world)).toHaveLength(before);
    });

    step('is gone from bucket and table, and the rest is as if they had never been there', async () => {
      const world = getWorld();
      await expireUserItems(world);
      const { summary } = await forget(world, false);
      expect(summary?.objects).toMatchObject({ music_streaming_kpis: 1 });
      expect(await keysNamingUser(world)).toEqual([]);
      expect((await versions(world)).filter(({ Key = '' }) => Key.startsWith(ERASURES_PREFIX))).not.toEqual([]);
      removeUserFromPuts(world);
      await untilTerminal(world);
      await exportEqualToOracle(world);
    });
  });
