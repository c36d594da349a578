import { type RoleStatement, unneededIn } from '../src/coverage.ts';
import { type Asked, needsOf, needsOfAnswer } from '../src/needs.ts';

const asked = (method: string, url: string, more: Partial<Asked> = {}): Asked => ({
  method,
  url,
  headers: {},
  operation: null,
  body: '',
  account: '000000000000',
  region: 'us-east-1',
  ...more,
});
const statement = (sid: string, actions: string[], resources: string[]): RoleStatement => ({
  role: 'role',
  policy: 'policy',
  sid,
  actions,
  resources,
});

describe('what a request needs', () => {
  test('keys are decoded, and reading a version is an action of its own', () => {
    expect(needsOf(asked('GET', '/b/streams/a%20%2B%25.csv?versionId=1'))).toEqual([
      { action: 's3:GetObjectVersion', resource: 'arn:aws:s3:::b/streams/a +%.csv' },
    ]);
  });

  test('copying needs the source and the target', () => {
    const headers = { 'x-amz-copy-source': '/b/streams/a%20b?versionId=7' };
    expect(needsOf(asked('PUT', '/b/archived/x', { headers }))).toEqual([
      { action: 's3:PutObject', resource: 'arn:aws:s3:::b/archived/x' },
      { action: 's3:GetObjectVersion', resource: 'arn:aws:s3:::b/streams/a b' },
    ]);
  });

  test('replacing what was read needs reading it', () => {
    const actions = needsOf(asked('PUT', '/b/k', { headers: { 'if-match': '"e"' } })).map(({ action }) => action);
    expect(actions).toEqual(['s3:PutObject', 's3:GetObject']);
  });

  test('learning that an object is missing needs to see the bucket', () => {
    expect(needsOfAnswer(asked('HEAD', '/b/k'), 404)).toEqual([
      { action: 's3:ListBucket', resource: 'arn:aws:s3:::b' },
    ]);
    expect(needsOfAnswer(asked('HEAD', '/b/k'), 200)).toEqual([]);
    expect(needsOfAnswer(asked('HEAD', '/b/k?versionId=1'), 404)[0]?.action).toBe('s3:ListBucketVersions');
  });

  test('messages, jobs and items are named in the body', () => {
    const operation = 'AmazonSQS.SendMessage';
    const body = JSON.stringify({ QueueUrl: 'https://sqs.us-east-1.amazonaws.com/000000000000/q' });
    expect(needsOf(asked('POST', '/', { operation, body }))).toEqual([
      { action: 'sqs:SendMessage', resource: 'arn:aws:sqs:us-east-1:000000000000:q' },
    ]);
  });
});

test('a transaction needs what its actions need', () => {
  const body = JSON.stringify({
    TransactItems: [{ Put: { Item: {}, TableName: 't' } }, { Update: { TableName: 't' } }],
  });
  const needs = needsOf(asked('POST', '/', { operation: 'DynamoDB_20120810.TransactWriteItems', body }));
  expect(needs.map(({ action }) => action)).toEqual(['dynamodb:PutItem', 'dynamodb:UpdateItem']);
});

describe('what no request needed', () => {
  const put = { action: 's3:PutObject', resource: 'arn:aws:s3:::b/a/1' };

  test('an action and a resource entry that nobody used are named', () => {
    const write = statement('Write', ['s3:PutObject', 's3:GetObject'], ['arn:aws:s3:::b/a/*', 'arn:aws:s3:::b/c/*']);
    expect(unneededIn([write], [put]).map(({ part }) => part)).toEqual(['s3:GetObject', 'arn:aws:s3:::b/c/*']);
  });

  test('of two statements that allow the same neither is needed', () => {
    const [one, two] = [statement('One', ['s3:*'], ['*']), statement('Two', ['s3:PutObject'], ['arn:aws:s3:::b/a/*'])];
    expect(unneededIn([one, two], [put])).toHaveLength(4);
  });
});
