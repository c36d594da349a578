import { BatchWriteItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { DeleteObjectsCommand, ListObjectVersionsCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { PENDING_PREFIX, REPLAYS_PREFIX, Stage, TABLE } from '@music-etl/contracts';
import { keysUnder, stageOf, versionOf } from './documents.ts';
import { until } from './until.ts';
import type { Put, World } from './world.ts';

export const SONGS_KEY = 'reference/songs/songs.csv';
export const USERS_KEY = 'reference/users/users.csv';

/** Puts an object and notes it for the oracle. */
export const put = async (world: World, key: string, content: string | Uint8Array): Promise<Put> => {
  const body = Buffer.from(content);
  const { VersionId = '' } = await world.s3.send(new PutObjectCommand({ Bucket: world.bucket, Key: key, Body: body }));
  const done = { key, body, versionId: VersionId, at: new Date().toISOString() };
  world.puts.push(done);
  return done;
};

const ACTIVE = /^processed\/active\/([a-z]+)\/(.+)\.json$/;

/** Runs that some stage has in hand and has not given up. */
const active = async (world: World): Promise<number> => {
  const keys = await keysUnder(world, 'processed/active/');
  const stages = await Promise.all(
    keys.map((key) => {
      const [, stage = '', runId = ''] = ACTIVE.exec(key) ?? [];
      return stageOf(world, runId, Stage.parse(stage));
    }),
  );
  return stages.filter((document) => document?.state !== 'dead').length;
};

const underWay = async (world: World): Promise<number> =>
  (await active(world)) +
  (await keysUnder(world, PENDING_PREFIX)).length +
  (await keysUnder(world, REPLAYS_PREFIX)).length;

const queued = async (world: World): Promise<number> => {
  const queues = (await world.reached.queues.look()).filter(({ dead }) => !dead);
  return queues.reduce((sum, { visible, in_flight, delayed }) => sum + visible + in_flight + delayed, 0);
};

/** Waits until everything that was put is known and nothing is under way. Files without reference data may wait. */
export const terminal = async (world: World, seconds = 60): Promise<void> => {
  const streams = world.puts.filter(({ key }) => key.startsWith('streams/'));
  const unknown = new Set(streams);
  await until(
    world,
    () =>
      `everything comes to rest; unknown are ${[...unknown].map(({ key, versionId }) => `${key} ${versionId}`).join(', ')}`,
    async () => {
      for (const one of unknown) if ((await versionOf(world, one)) !== null) unknown.delete(one);
      // Looked at twice: between two stages a run is in a queue for a moment, and nowhere else.
      return unknown.size === 0 && (await underWay(world)) + (await queued(world)) + (await underWay(world)) === 0;
    },
    seconds,
  );
};

/** Everything but the deployed scripts out of the bucket, and every item out of the table. */
export const emptied = async (world: World): Promise<void> => {
  await terminal(world);
  const Bucket = world.bucket;
  for (;;) {
    const { Versions = [], DeleteMarkers = [] } = await world.s3.send(new ListObjectVersionsCommand({ Bucket }));
    const Objects = [...Versions, ...DeleteMarkers]
      .filter(({ Key = '' }) => !Key.startsWith('scripts/'))
      .map(({ Key, VersionId }) => ({ Key, VersionId }));
    if (Objects.length === 0) break;
    await world.s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } }));
  }
  for (;;) {
    const { Items = [] } = await world.dynamodb.send(
      new ScanCommand({ TableName: TABLE, ProjectionExpression: 'metric_key, period', Limit: 25 }),
    );
    if (Items.length === 0) break;
    const deletions = Items.map((Key) => ({ DeleteRequest: { Key } }));
    await world.dynamodb.send(new BatchWriteItemCommand({ RequestItems: { [TABLE]: deletions } }));
  }
  world.puts.length = 0;
};
