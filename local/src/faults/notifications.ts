import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { GetQueueUrlCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { FILES_PREFIX, FileDocument, type FileVersion, queueName } from '@music-etl/contracts';
import type { Clients } from '../clients.ts';
import type { FaultDeps } from './requests.ts';

const EVERY_MS = 700;

/** What S3 would have sent of this version; keys are form-encoded. */
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
 * Tells ingest once more of versions it was told of before, some time later and in another order than they came:
 * S3 delivers at least once and in no order.
 * @returns a function that ends it.
 */
export const repeatNotifications = (
  { s3, sqs }: Pick<Clients, 's3' | 'sqs'>,
  bucket: string,
  { fate, rates, ledger }: FaultDeps,
): (() => void) => {
  const told = new Set<string>();

  const repeat = async (queueUrl: string, documentKey: string): Promise<void> => {
    const object = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: documentKey }));
    const document = FileDocument.parse(JSON.parse((await object.Body?.transformToString()) ?? ''));
    for (const version of document.versions) {
      const name = `${document.key} ${version.version}`;
      if (told.has(name)) continue;
      told.add(name);
      if (fate('repeat notification', name) >= rates.repeatNotification) continue;
      const DelaySeconds = Math.floor(fate('notification late', name) * 8);
      const MessageBody = notification(bucket, document.key, version);
      await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody, DelaySeconds }));
      ledger.add('notification repeated');
    }
  };

  const round = async (): Promise<void> => {
    const { QueueUrl = '' } = await sqs.send(new GetQueueUrlCommand({ QueueName: queueName('ingest') }));
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: FILES_PREFIX }));
    for (const { Key } of Contents) if (Key !== undefined) await repeat(QueueUrl, Key);
  };

  // Before the deployment there is neither queue nor bucket; and a floor that stops takes them away.
  const timer = setInterval(() => void round().catch(() => {}), EVERY_MS);
  return () => clearInterval(timer);
};
