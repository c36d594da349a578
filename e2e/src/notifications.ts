import { createHash } from 'node:crypto';
import {
  GetBucketNotificationConfigurationCommand,
  PutBucketNotificationConfigurationCommand,
} from '@aws-sdk/client-s3';
import { send } from './messages.ts';
import { pause } from './until.ts';
import type { Put, World } from './world.ts';

/** Longer than S3 takes to send a notification. */
const IN_TRANSIT_MS = 500;

/** Does `work` while S3 sends no notifications. */
export const withoutNotifications = async <T>({ s3, bucket: Bucket }: World, work: () => Promise<T>): Promise<T> => {
  const { QueueConfigurations } = await s3.send(new GetBucketNotificationConfigurationCommand({ Bucket }));
  const configure = (NotificationConfiguration: { QueueConfigurations?: typeof QueueConfigurations }) =>
    s3.send(new PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration }));
  await configure({});
  try {
    return await work();
  } finally {
    await pause(IN_TRANSIT_MS);
    await configure({ QueueConfigurations });
  }
};

const etagOf = (body: Buffer): string => createHash('md5').update(body).digest('hex');

/** Sends S3's notification of an upload. A higher sequencer means a later upload. */
export const notify = (world: World, { key, versionId, body }: Put, sequencer: string): Promise<void> => {
  const object = { key: encodeURIComponent(key), versionId, sequencer, size: body.length, eTag: etagOf(body) };
  const record = { eventName: 'ObjectCreated:Put', s3: { bucket: { name: world.bucket }, object } };
  return send(world, 'ingest', JSON.stringify({ Records: [record] }));
};
