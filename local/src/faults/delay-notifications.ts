import { SetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { STREAMS_PREFIX } from '@music-etl/contracts';
import type { Clients } from '../clients.ts';
import type { Interceptor } from '../gateway/exchange.ts';
import type { FaultContext } from './context.ts';
import { createOccurrences } from './fault-plan.ts';
import { ingestQueueUrl } from './ingest-queue.ts';

/** Returns the path of an object that is put under `streams/`, or null for any other request. */
const arrivalOf = (bucket: string, { method, url }: { method: string; url: string }): string | null => {
  const path = url.split('?')[0] ?? '';
  return method === 'PUT' && path.startsWith(`/${bucket}/${STREAMS_PREFIX}`) ? path : null;
};

/**
 * Delays the notification of each arrival by a time of its own, so that notifications come in another order than files.
 * S3 sends them inside the emulator, not through the gateway: what delays each is the queue's delay at that moment.
 */
export const delayNotifications = (
  clients: () => Pick<Clients, 'sqs'> | null,
  bucket: string,
  { faultPlan, rates, counter }: FaultContext,
): Interceptor => {
  const occurrence = createOccurrences();
  let before = Promise.resolve();

  const setDelay = async (seconds: number): Promise<void> => {
    const connected = clients();
    if (connected === null) return;
    const Attributes = { DelaySeconds: String(seconds) };
    await connected.sqs.send(new SetQueueAttributesCommand({ QueueUrl: await ingestQueueUrl(connected), Attributes }));
    if (seconds > 0) counter.add('notification late');
  };

  return async (exchange, next) => {
    const arrival = arrivalOf(bucket, exchange);
    if (arrival === null) return next(exchange);
    const chance = faultPlan('notification', arrival, occurrence(arrival));
    const seconds = Math.floor(chance * (rates.lateNotificationSeconds + 1));
    // One after the other, because the delay belongs to the queue.
    const turn = before.then(async () => {
      await setDelay(seconds).catch(() => {});
      return next(exchange);
    });
    before = turn.then(
      () => {},
      () => {},
    );
    return turn;
  };
};
