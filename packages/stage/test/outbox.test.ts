import { createServer, type Server } from 'node:http';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SQSClient } from '@aws-sdk/client-sqs';
import { requestStage } from '@music-etl/contracts';
import { aMessage, NOW, RUN } from '@music-etl/testing';
import { close, listen, TEST_CREDENTIALS } from '@music-etl/testing/local-server';
import { type OutboxAddresses, sendOutbox, sendToDlq } from '../src/adapters/outbox.ts';

const received: Record<string, unknown>[] = [];
let rejected = 0;
const server: Server = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  received.push(JSON.parse(Buffer.concat(chunks).toString()));
  response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' });
  response.end(JSON.stringify({ MessageId: 'm', FailedEntryCount: rejected, Entries: [{ ErrorMessage: 'no' }] }));
});

const addresses: OutboxAddresses = {
  stage: 'validate',
  queueUrl: 'http://sqs/1/validate',
  deadLetterQueueUrl: 'http://sqs/1/validate-dlq',
  nextQueueUrl: 'http://sqs/1/kpi',
};
let sqs: SQSClient;
let events: EventBridgeClient;

beforeAll(async () => {
  const endpoint = await listen(server);
  const credentials = TEST_CREDENTIALS;
  sqs = new SQSClient({ endpoint, region: 'eu-central-1', credentials, useQueueUrlAsEndpoint: false, md5: false });
  events = new EventBridgeClient({ endpoint, region: 'eu-central-1', credentials });
});
beforeEach(() => {
  received.length = 0;
  rejected = 0;
});
afterAll(async () => {
  sqs.destroy();
  events.destroy();
  await close(server);
});

test('a request to the own stage goes to its queue, delayed; one to the next stage to the next queue', async () => {
  const send = sendOutbox(sqs, events, addresses);
  await send({ kind: 'request', message: aMessage(), delay_seconds: 40 });
  await send({ kind: 'request', message: requestStage('kpi', RUN, NOW), delay_seconds: 0 });
  expect(received).toMatchObject([
    { QueueUrl: addresses.queueUrl, DelaySeconds: 40, MessageBody: JSON.stringify(aMessage()) },
    { QueueUrl: addresses.nextQueueUrl, DelaySeconds: 0 },
  ]);
});

test('a dead-letter message is the unchanged message with reason, Glue run and error', async () => {
  const why = { reason: 'failed 3 times', attempt: 3, job_run_id: null, error: 'x'.repeat(9000) };
  await sendOutbox(sqs, events, addresses)({ kind: 'dead_letter', message: aMessage(), ...why });
  expect(received).toMatchObject([
    {
      QueueUrl: addresses.deadLetterQueueUrl,
      MessageBody: JSON.stringify(aMessage()),
      MessageAttributes: {
        reason: { StringValue: 'failed 3 times' },
        attempt: { StringValue: '3' },
        job_run_id: { StringValue: '-' },
        error: { StringValue: 'x'.repeat(4000) },
      },
    },
  ]);
});

test('a malformed message is sent to the DLQ unchanged', async () => {
  await sendToDlq(sqs, addresses.deadLetterQueueUrl)('{ half', {
    reason: 'malformed message',
    error: 'not a message of validate',
  });
  expect(received).toMatchObject([
    { MessageBody: '{ half', MessageAttributes: { error: { StringValue: 'not a message of validate' } } },
  ]);
});

test('a completed run is an event, and an event that EventBridge rejects is an error', async () => {
  const send = sendOutbox(sqs, events, addresses);
  await send({ kind: 'run_completed', run_id: RUN });
  expect(received).toMatchObject([
    { Entries: [{ DetailType: 'run.completed', Detail: JSON.stringify({ run_id: RUN }) }] },
  ]);
  rejected = 1;
  await expect(send({ kind: 'run_completed', run_id: RUN })).rejects.toThrow(`rejected run.completed of ${RUN}: no`);
});

test('a stage without a next queue names the stage that it cannot request', async () => {
  const send = sendOutbox(sqs, events, { ...addresses, nextQueueUrl: null });
  const message = requestStage('kpi', RUN, NOW);
  await expect(send({ kind: 'request', message, delay_seconds: 0 })).rejects.toThrow(
    'validate has no queue URL for kpi',
  );
});
