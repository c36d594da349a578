import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateTableCommand,
  DynamoDBClient,
  PutItemCommand,
  ScanCommand,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { cutPower } from '@music-etl/testing/power-cut';
import { connect } from '../src/clients.ts';
import { ROOT_CREDENTIALS } from '../src/environment.ts';
import { stackStatus, startDaemon, stopStack } from '../src/index.ts';

const TABLE = 'kept';
const item = (id: string) => ({ TableName: TABLE, Item: { id: { S: id } } });

const reach = (endpoint: string) => ({
  ...connect(endpoint),
  dynamodb: new DynamoDBClient({ endpoint, region: 'us-east-1', credentials: ROOT_CREDENTIALS }),
});
type Reached = ReturnType<typeof reach>;

const idsOf = async ({ dynamodb }: Reached): Promise<(string | undefined)[]> =>
  ((await dynamodb.send(new ScanCommand({ TableName: TABLE }))).Items ?? []).map(({ id }) => id?.S).sort();

const receive = async ({ sqs }: Reached, VisibilityTimeout: number) => {
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: 'kept' }));
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout }),
  );
  return { QueueUrl, Messages };
};

const runtimes = (): string[] => readdirSync(tmpdir()).filter((name) => /^music-etl-[^-]{6}$/.test(name));

const createTable = new CreateTableCommand({
  TableName: TABLE,
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
  BillingMode: 'PAY_PER_REQUEST',
});

it('a local stack keeps all that it confirmed if all its processes are killed at one moment', async () => {
  const own = mkdtempSync(join(tmpdir(), 'stack-e2e-own-'));
  const before = runtimes();
  try {
    const first = reach((await startDaemon(own)).endpoint);
    await first.s3.send(new CreateBucketCommand({ Bucket: 'kept' }));
    await first.s3.send(new PutObjectCommand({ Bucket: 'kept', Key: 'a', Body: 'an object' }));
    const { QueueUrl } = await first.sqs.send(new CreateQueueCommand({ QueueName: 'kept' }));
    for (const MessageBody of ['done', 'open']) await first.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
    const { Messages } = await receive(first, 0);
    const done = Messages.find(({ Body }) => Body === 'done')?.ReceiptHandle;
    await first.sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: done }));
    await first.dynamodb.send(createTable);
    await first.dynamodb.send(new PutItemCommand(item('one')));
    await first.dynamodb.send(new TransactWriteItemsCommand({ TransactItems: [{ Put: item('two') }] }));
    await cutPower(own);

    expect(await stackStatus(own)).toBeNull();
    const second = reach((await startDaemon(own)).endpoint);
    expect(await idsOf(second)).toEqual(['one', 'two']);
    expect((await receive(second, 0)).Messages.map(({ Body }) => Body)).toEqual(['open']);
    const { Body } = await second.s3.send(new GetObjectCommand({ Bucket: 'kept', Key: 'a' }));
    expect(await Body?.transformToString()).toBe('an object');
    await second.dynamodb.send(new PutItemCommand(item('three')));
    await cutPower(own);

    const third = reach((await startDaemon(own)).endpoint);
    expect(await idsOf(third)).toEqual(['one', 'three', 'two']);
    expect(await stopStack(own)).toBe(true);
    for (const reached of [first, second, third]) reached.close();
    expect(runtimes().filter((name) => !before.includes(name))).toEqual([]);
  } finally {
    await stopStack(own);
    await cutPower(own);
    rmSync(own, { recursive: true, force: true });
  }
}, 60_000);
