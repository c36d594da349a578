import { fileId, fileKey, pendingKey } from '@music-etl/contracts';
import { STAGE_ENVIRONMENT } from '@music-etl/testing/environment';
import { FakeS3 } from '@music-etl/testing/fake-s3';
import { aContext, anSqsEvent } from '@music-etl/testing/lambda';
import { aNotification } from './support/arrivals.ts';

const fake = new FakeS3();
const before = { ...process.env };

beforeAll(async () => {
  const endpoint = await fake.listen();
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_MAX_ATTEMPTS: '1',
    POWERTOOLS_LOG_LEVEL: 'SILENT',
    ...STAGE_ENVIRONMENT,
    QUEUE_URL: `${endpoint}/1/q`,
    DEAD_LETTER_QUEUE_URL: `${endpoint}/1/q-dlq`,
    MAX_FILES_PER_RUN: '10',
  });
});
beforeEach(() => fake.clear());
afterAll(async () => {
  process.env = before;
  await fake.stop();
});

test('a function whose environment lacks a variable stops and names the variable', async () => {
  await expect(import('../src/handlers/functions.ts')).rejects.toThrow('MAX_ACTIVE_RUNS');
  process.env.MAX_ACTIVE_RUNS = '1';
});

test("S3's test event is handled and writes nothing", async () => {
  const { start } = await import('../src/handlers/functions.ts');
  const event = anSqsEvent(JSON.stringify({ Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: 'bucket' }));
  expect(await start(event, aContext())).toEqual({ batchItemFailures: [] });
  expect(fake.keys()).toEqual([]);
});

test('an arrival is registered although its neighbour fails', async () => {
  const { start } = await import('../src/handlers/functions.ts');
  const [bad, good] = ['streams/bad.csv', 'streams/good+file.csv'].map((key) =>
    JSON.stringify(aNotification({ key, versionId: 'v1', eTag: 'e', sequencer: '1', size: 1 })),
  );
  fake.put(fileKey(fileId('streams/bad.csv')), '{ half');
  const answer = await start(anSqsEvent(bad ?? '', good ?? ''), aContext());
  expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'm0' }] });
  expect(fake.keys()).toContain(fileKey(fileId('streams/good file.csv')));
});

test('an arrival is marked until a run claims it', async () => {
  fake.put('processed/active/ingest/x.json', '{}');
  const { start } = await import('../src/handlers/functions.ts');
  const notification = aNotification({ key: 'streams/a.csv', versionId: 'v1', eTag: 'e', sequencer: '1', size: 1 });
  await start(anSqsEvent(JSON.stringify(notification)), aContext());
  expect(fake.keys()).toContain(pendingKey(fileId('streams/a.csv'), 1));
});
