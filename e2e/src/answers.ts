import type { HttpResponse } from '@music-etl/local';
import type { Request } from './watcher.ts';

const json = (status: number, value: unknown): HttpResponse => {
  const body = Buffer.from(JSON.stringify(value));
  const headers = ['content-type', 'application/x-amz-json-1.1', 'content-length', String(body.length)];
  return { status, rawHeaders: headers, body };
};

/** As a at capacity answers StartJobRun. */
export const atCapacity = (): HttpResponse =>
  json(400, { __type: 'ConcurrentRunsExceededException', message: 'Concurrent runs exceeded' });

/** As a service that has an outage answers. */
export const outage = ({ asked }: Request): HttpResponse => {
  if (asked.operation !== null) return json(503, { __type: 'ServiceUnavailable', message: 'outage' });
  const body = Buffer.from('<Error><Code>ServiceUnavailable</Code><Message>outage</Message></Error>');
  return { status: 503, rawHeaders: ['content-type', 'application/xml', 'content-length', String(body.length)], body };
};

/** As S3 answers HEAD of what is not there. */
export const missing = (): HttpResponse => ({
  status: 404,
  rawHeaders: ['content-length', '0'],
  body: Buffer.alloc(0),
});

/** As DynamoDB turns a request away that comes too fast. */
export const throttled = (): HttpResponse =>
  json(400, { __type: 'com.amazonaws.dynamodb.v20120810#ThrottlingException', message: 'Rate exceeded' });
