import { createHash } from 'node:crypto';
import {
  GetBucketNotificationConfigurationCommand,
  PutBucketNotificationConfigurationCommand,
} from '@aws-sdk/client-s3';
import { send } from './messages.ts';
import { pause } from './until.ts';
import type { Put, World } from './world.ts';

/** S3 sends its events on their own time. */
const ON_THEIR_WAY_MS = 500;

/** Does `work` while S3 tells nobody of what is put. */
export const whileUntold = async <T>({ s3, bucket: Bucket }: World, work: () => Promise<T>): Promise<T> => {
  const { QueueConfigurations } = await s3.send(new GetBucketNotificationConfigurationCommand({ Bucket }));
  const tell = (NotificationConfiguration: { QueueConfigurations?: typeof QueueConfigurations }) =>
    s3.send(new PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration }));
  await tell({});
  try {
    return await work();
  } finally {
    await pause(ON_THEIR_WAY_MS);
    await tell({ QueueConfigurations });
  }
};

const etagOf = (body: Buffer): string => createHash('md5').update(body).digest('hex');

/** Tells of what was put, as S3 would; a higher sequencer says that it was put later. */
export const tellOf = (world: World, { key, versionId, body }: Put, sequencer: string): Promise<void> => {
  const object = { key: encodeURIComponent(key), versionId, sequencer, size: body.length, eTag: etagOf(body) };
  const record = { eventName: 'ObjectCreated:Put', s3: { bucket: { name: world.bucket }, object } };
  return send(world, 'ingest', JSON.stringify({ Records: [record] }));
};
