import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { GetQueueUrlCommand, SendMessageCommand, SetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { FILES_PREFIX, FileDocument, type FileVersion, queueName, STREAMS_PREFIX } from '@music-etl/contracts';
import type { Clients } from '../clients.ts';
import type { Interceptor } from '../gateway/exchange.ts';
import type { FaultDeps } from './deps.ts';
import { createCounter } from './fault-plan.ts';

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

const ingestQueue = async ({ sqs }: Pick<Clients, 'sqs'>): Promise<string> =>
  (await sqs.send(new GetQueueUrlCommand({ QueueName: queueName('ingest') }))).QueueUrl ?? '';

/** Put into `streams/` by S3's own API, as a person does it. */
const arrivalOf = (bucket: string, { method, url }: { method: string; url: string }): string | null => {
  const path = url.split('?')[0] ?? '';
  return method === 'PUT' && path.startsWith(`/${bucket}/${STREAMS_PREFIX}`) ? path : null;
};

/**
 * Lets the notification of each arrival be late by a time of its own, so that they come in another order than the
 * files. S3 tells the queue by itself, past the gateway: what each one waits is the queue's delay at that moment.
 */
export const delayNotifications = (
  clients: () => Pick<Clients, 'sqs'> | null,
  bucket: string,
  { faultPlan, rates, ledger }: FaultDeps,
): Interceptor => {
  const occurrence = createCounter();
  let before = Promise.resolve();

  const delay = async (seconds: number): Promise<void> => {
    const reached = clients();
    if (reached === null) return;
    const Attributes = { DelaySeconds: String(seconds) };
    await reached.sqs.send(new SetQueueAttributesCommand({ QueueUrl: await ingestQueue(reached), Attributes }));
    if (seconds > 0) ledger.add('notification late');
  };

  return async (exchange, next) => {
    const arrival = arrivalOf(bucket, exchange);
    if (arrival === null) return next(exchange);
    const seconds = Math.floor(
      faultPlan('notification', arrival, occurrence(arrival)) * (rates.lateNotificationSeconds + 1),
    );
    // One after the other: the delay is the queue's.
    const turn = before.then(async () => {
      await delay(seconds).catch(() => {});
      return next(exchange);
    });
    before = turn.then(
      () => {},
      () => {},
    );
    return turn;
  };
};

/**
 * Tells ingest once more of versions it was told of before, some time later and in another order than they came:
 * S3 delivers at least once and in no order.
 * @returns a function that ends it.
 */
export const repeatNotifications = (
  { s3, sqs }: Pick<Clients, 's3' | 'sqs'>,
  bucket: string,
  { faultPlan, rates, ledger }: FaultDeps,
): (() => void) => {
  const told = new Set<string>();
  const seen = new Map<string, string>();

  const repeat = async (queueUrl: string, documentKey: string): Promise<void> => {
    const object = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: documentKey }));
    const document = FileDocument.parse(JSON.parse((await object.Body?.transformToString()) ?? ''));
    for (const version of document.versions) {
      const name = `${document.key} ${version.version}`;
      if (told.has(name)) continue;
      told.add(name);
      if (faultPlan('repeat notification', name) >= rates.repeatNotification) continue;
      const DelaySeconds = Math.floor(faultPlan('notification late', name) * 8);
      const MessageBody = notification(bucket, document.key, version);
      await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody, DelaySeconds }));
      ledger.add('notification repeated');
    }
  };

  const round = async (): Promise<void> => {
    const QueueUrl = await ingestQueue({ sqs });
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: FILES_PREFIX }));
    for (const { Key = '', ETag = '' } of Contents) {
      // Read anew only when it has changed: this goes on for as long as the local stack runs.
      if (seen.get(Key) === ETag) continue;
      await repeat(QueueUrl, Key);
      seen.set(Key, ETag);
    }
  };

  // Before the deployment there is neither queue nor bucket; and a local stack that stops takes them away.
  const timer = setInterval(() => void round().catch(() => {}), EVERY_MS);
  return () => clearInterval(timer);
};
