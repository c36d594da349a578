import { type ServiceInputTypes, type ServiceOutputTypes, SQSClient } from '@aws-sdk/client-sqs';
import { SqsQueues } from './sqs-queues.ts';

const config = { region: 'eu-central-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
const NAMES = [
  'music-streaming-kpi',
  'music-streaming-ingest-b-dlq',
  'music-streaming-ingest-dlq',
  'music-streaming-ingest',
  'music-streaming-ingest-b',
  'music-streaming-else',
];

/** The real client, answered before it would open a connection. */
const sqs = (): SQSClient => {
  const client = new SQSClient(config);
  client.middlewareStack.add(
    () => async (args) => {
      const input: ServiceInputTypes = args.input;
      const QueueUrls = 'QueueNamePrefix' in input ? NAMES.map((name) => `http://sqs/1/${name}`) : undefined;
      const output: ServiceOutputTypes = Object.assign({ $metadata: {} }, { QueueUrls, Attributes: {} });
      return { output, response: {} };
    },
    { step: 'initialize', priority: 'high' },
  );
  return client;
};

const seen = async (suffix?: string) => (await new SqsQueues(sqs(), suffix).look()).map(({ name }) => name);

test('queues of one deployment are found apart from those of others in the same account', async () => {
  expect(await seen('')).toEqual(['music-streaming-ingest', 'music-streaming-ingest-dlq', 'music-streaming-kpi']);
  expect(await seen('-b')).toEqual(['music-streaming-ingest-b', 'music-streaming-ingest-b-dlq']);
});

test('without a deployment all queues are found, in the order of the stages', async () => {
  const all = await seen();
  expect([all.length, all.at(-2), all.at(-1)]).toEqual([6, 'music-streaming-kpi', 'music-streaming-else']);
});
