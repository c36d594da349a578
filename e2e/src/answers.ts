import type { Answer } from '../../local/src/gateway/exchange.ts';

const json = (status: number, value: unknown): Answer => {
  const body = Buffer.from(JSON.stringify(value));
  const headers = ['content-type', 'application/x-amz-json-1.1', 'content-length', String(body.length)];
  return { status, rawHeaders: headers, body };
};

/** As a full house answers StartJobRun. */
export const fullHouse = (): Answer =>
  json(400, { __type: 'ConcurrentRunsExceededException', message: 'Concurrent runs exceeded' });

/** As a service that has an outage answers. */
export const outage = (): Answer => json(503, { __type: 'ServiceUnavailable', message: 'outage' });

/** As S3 answers HEAD of what is not there. */
export const missing = (): Answer => ({ status: 404, rawHeaders: ['content-length', '0'], body: Buffer.alloc(0) });
