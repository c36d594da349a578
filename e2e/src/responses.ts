import type { HttpResponse } from '@music-etl/local';
import type { ObservedRequest } from './watcher.ts';

const json = (status: number, value: unknown): HttpResponse => {
  const body = Buffer.from(JSON.stringify(value));
  const headers = ['content-type', 'application/x-amz-json-1.1', 'content-length', String(body.length)];
  return { status, rawHeaders: headers, body };
};

/** Returns Glue's response to StartJobRun at capacity. */
export const atCapacity = (): HttpResponse =>
  json(400, { __type: 'ConcurrentRunsExceededException', message: 'Concurrent runs exceeded' });

/** Returns the response of a service that has an outage. */
export const outage = ({ request }: ObservedRequest): HttpResponse => {
  if (request.operation !== null) return json(503, { __type: 'ServiceUnavailable', message: 'outage' });
  const body = Buffer.from('<Error><Code>ServiceUnavailable</Code><Message>outage</Message></Error>');
  return { status: 503, rawHeaders: ['content-type', 'application/xml', 'content-length', String(body.length)], body };
};

/** Returns S3's response to HEAD of a missing object. */
export const missing = (): HttpResponse => ({
  status: 404,
  rawHeaders: ['content-length', '0'],
  body: Buffer.alloc(0),
});

/** Returns DynamoDB's response to a request that it throttles. */
export const throttled = (): HttpResponse =>
  json(400, { __type: 'com.amazonaws.dynamodb.v20120810#ThrottlingException', message: 'Rate exceeded' });
