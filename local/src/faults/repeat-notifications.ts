import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { FILES_PREFIX, FileDocument, type FileVersion } from '@music-etl/contracts';
import type { Clients } from '../clients.ts';
import type { FaultContext } from './context.ts';
import { ingestQueueUrl } from './ingest-queue.ts';

const EVERY_MS = 700;
/** The longest delay of a repeated notification. */
const MAX_DELAY_SECONDS = 8;

/** Returns S3's notification of a version. Its keys are form-encoded. */
const notification = (bucket: string, key: string, { version_id, etag, sequencer, size }: FileVersion): string => {
  const object = {
    key: encodeURIComponent(key).replaceAll('%20', '+'),
    size,
    eTag: etag,
    versionId: version_id,
    sequencer,
  };
  return JSON.stringify({ Records: [{ eventName: 'ObjectCreated:Put', s3: { bucket: { name: bucket }, object } }] });
};

/**
 * Sends some notifications again, later and in another order: S3 delivers at least once and in no order.
 * @returns a function that ends it.
 */
export const repeatNotifications = (
  { s3, sqs }: Pick<Clients, 's3' | 'sqs'>,
  bucket: string,
  { faultPlan, rates, counter }: FaultContext,
): (() => void) => {
  const decided = new Set<string>();
  const readETags = new Map<string, string>();

  const repeat = async (queueUrl: string, documentKey: string): Promise<void> => {
    const object = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: documentKey }));
    const document = FileDocument.parse(JSON.parse((await object.Body?.transformToString()) ?? ''));
    for (const version of document.versions) {
      const name = `${document.key} ${version.version}`;
      if (decided.has(name)) continue;
      decided.add(name);
      if (faultPlan('repeat notification', name) >= rates.repeatNotification) continue;
      const DelaySeconds = Math.floor(faultPlan('notification late', name) * MAX_DELAY_SECONDS);
      const MessageBody = notification(bucket, document.key, version);
      await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody, DelaySeconds }));
      counter.add('notification repeated');
    }
  };

  const round = async (): Promise<void> => {
    const QueueUrl = await ingestQueueUrl({ sqs });
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: FILES_PREFIX }));
    for (const { Key = '', ETag = '' } of Contents) {
      // Reads only documents that have changed: this goes on for as long as the local stack runs.
      if (readETags.get(Key) === ETag) continue;
      await repeat(QueueUrl, Key);
      readETags.set(Key, ETag);
    }
  };

  // Errors are expected: queue and bucket are missing before the deployment and after the local stack has stopped.
  const timer = setInterval(() => void round().catch(() => {}), EVERY_MS);
  return () => clearInterval(timer);
};
