import { GetQueueUrlCommand } from '@aws-sdk/client-sqs';
import { queueName } from '@music-etl/contracts';
import type { Clients } from '../clients.ts';

/** Returns the URL of the queue that S3 notifies. */
export const ingestQueueUrl = async ({ sqs }: Pick<Clients, 'sqs'>): Promise<string> =>
  (await sqs.send(new GetQueueUrlCommand({ QueueName: queueName('ingest') }))).QueueUrl ?? '';
