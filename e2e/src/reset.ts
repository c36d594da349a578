import { BatchWriteItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { DeleteObjectsCommand, ListObjectVersionsCommand } from '@aws-sdk/client-s3';
import { TABLE } from '@music-etl/contracts';
import { put, SONGS_KEY, USERS_KEY } from './put.ts';
import { SONGS, USERS } from './rows.ts';
import { untilTerminal } from './terminal.ts';
import type { World } from './world.ts';

const emptyBucket = async ({ s3, bucket: Bucket }: World): Promise<void> => {
  for (;;) {
    const { Versions = [], DeleteMarkers = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket }));
    const Objects = [...Versions, ...DeleteMarkers]
      .filter(({ Key = '' }) => !Key.startsWith('scripts/'))
      .map(({ Key, VersionId }) => ({ Key, VersionId }));
    if (Objects.length === 0) return;
    await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } }));
  }
};

const emptyTable = async ({ dynamodb }: World): Promise<void> => {
  for (;;) {
    const { Items = [] } = await dynamodb.send(
      new ScanCommand({ TableName: TABLE, ProjectionExpression: 'metric_key, period', Limit: 25 }),
    );
    if (Items.length === 0) return;
    const deletions = Items.map((Key) => ({ DeleteRequest: { Key } }));
    await dynamodb.send(new BatchWriteItemCommand({ RequestItems: { [TABLE]: deletions } }));
  }
};

/** Removes every object but the deployed scripts, and every item of the table. */
export const reset = async (world: World): Promise<void> => {
  await untilTerminal(world);
  await emptyBucket(world);
  await emptyTable(world);
  world.puts.length = 0;
};

/** Begins a scenario: resets bucket and table, then puts the reference data and waits for its snapshot. */
export const resetWithReference = async (world: World, users = USERS): Promise<void> => {
  await reset(world);
  await put(world, USERS_KEY, users);
  await put(world, SONGS_KEY, SONGS);
  await untilTerminal(world);
};
