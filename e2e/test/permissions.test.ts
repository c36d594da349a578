import type { AwsRequest } from '../src/aws-request.ts';
import { permissionsOf, permissionsOfResponse } from '../src/permissions.ts';

const request = (method: string, url: string, more: Partial<AwsRequest> = {}): AwsRequest => ({
  method,
  url,
  headers: {},
  operation: null,
  body: '',
  account: '000000000000',
  region: 'us-east-1',
  ...more,
});
describe('the permissions of a request', () => {
  test('name decoded keys, and an action of their own for reading a version', () => {
    expect(permissionsOf(request('GET', '/b/streams/a%20%2B%25.csv?versionId=1'))).toEqual([
      { action: 's3:GetObjectVersion', resource: 'arn:aws:s3:::b/streams/a +%.csv' },
    ]);
  });

  test('to copy are those of the source and of the target', () => {
    const headers = { 'x-amz-copy-source': '/b/streams/a%20b?versionId=7' };
    expect(permissionsOf(request('PUT', '/b/archived/x', { headers }))).toEqual([
      { action: 's3:PutObject', resource: 'arn:aws:s3:::b/archived/x' },
      { action: 's3:GetObjectVersion', resource: 'arn:aws:s3:::b/streams/a b' },
    ]);
  });

  test('to replace an object conditionally include reading it', () => {
    const actions = permissionsOf(request('PUT', '/b/k', { headers: { 'if-match': '"e"' } })).map(
      ({ action }) => action,
    );
    expect(actions).toEqual(['s3:PutObject', 's3:GetObject']);
  });

  test('include listing the bucket if the object is missing', () => {
    expect(permissionsOfResponse(request('HEAD', '/b/k'), 404)).toEqual([
      { action: 's3:ListBucket', resource: 'arn:aws:s3:::b' },
    ]);
    expect(permissionsOfResponse(request('HEAD', '/b/k'), 200)).toEqual([]);
    expect(permissionsOfResponse(request('HEAD', '/b/k?versionId=1'), 404)[0]?.action).toBe('s3:ListBucketVersions');
  });

  test('name the queue, the job or the table in its body', () => {
    const operation = 'AmazonSQS.SendMessage';
    const body = JSON.stringify({ QueueUrl: 'https://sqs.us-east-1.amazonaws.com/000000000000/q' });
    expect(permissionsOf(request('POST', '/', { operation, body }))).toEqual([
      { action: 'sqs:SendMessage', resource: 'arn:aws:sqs:us-east-1:000000000000:q' },
    ]);
  });
});

test('the permissions of a transaction are those of its actions', () => {
  const body = JSON.stringify({
    TransactItems: [{ Put: { Item: {}, TableName: 't' } }, { Update: { TableName: 't' } }],
  });
  const permissions = permissionsOf(request('POST', '/', { operation: 'DynamoDB_20120810.TransactWriteItems', body }));
  expect(permissions.map(({ action }) => action)).toEqual(['dynamodb:PutItem', 'dynamodb:UpdateItem']);
});
