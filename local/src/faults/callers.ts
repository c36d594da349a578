import type { Exchange } from '../gateway/exchange.ts';

/** Returns true for requests with a role's session: functions and jobs. Root deploys, uploads and observes. */
export const isPipeline = ({ headers }: Exchange): boolean => {
  const key = /Credential=([^/]+)\//.exec(headers.authorization ?? '')?.[1];
  return key !== undefined && key !== 'test';
};

const appOf = ({ headers }: Exchange): string | null => /app\/([\w-]+)/.exec(headers['user-agent'] ?? '')?.[1] ?? null;

/** Returns the name of the function that makes the request, or null for a job. */
export const functionOf = (exchange: Exchange): string | null => {
  const app = appOf(exchange);
  return app?.startsWith('music-streaming-') ? app : null;
};

/** Returns the mark (`jobMark`) of the Glue run that makes the request. Null for functions and the stack itself. */
export const jobOf = (exchange: Exchange): string | null => {
  const app = appOf(exchange);
  return app?.startsWith('jr_') ? app : null;
};

const SERVICES: Record<string, string> = {
  AWSGlue: 'Glue',
  AmazonSQS: 'SQS',
  DynamoDB: 'DynamoDB',
  AWSEvents: 'Events',
  Logs: 'Logs',
};

/** Returns the service's name: `S3`, `SQS`, `DynamoDB`, … */
export const serviceOf = ({ operation }: Exchange): string => {
  if (operation === null) return 'S3';
  const name = operation.split('.')[0]?.replace(/_.*$/, '') ?? '';
  return SERVICES[name] ?? name;
};

const READS = /\.(Get|List|Describe|Query|Scan|BatchGet)/;

/** Returns true if the request changes anything. */
export const isWrite = ({ method, operation }: Exchange): boolean =>
  operation === null ? method !== 'GET' && method !== 'HEAD' : !READS.test(operation);

/** Returns true for the one write by which a job commits. */
export const isCommit = ({ method, url }: Exchange): boolean =>
  method === 'PUT' && /\/processed\/runs\/[^/]+\/[a-z]+\/result\.json(\?|$)/.test(url);
