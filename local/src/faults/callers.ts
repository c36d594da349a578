import type { Exchange } from '../gateway/exchange.ts';

/** Everything but the account's root, which deploys, uploads and looks on: functions and jobs have a role's session. */
export const isPipeline = ({ headers }: Exchange): boolean => {
  const key = /Credential=([^/]+)\//.exec(headers.authorization ?? '')?.[1];
  return key !== undefined && key !== 'test';
};

const appOf = ({ headers }: Exchange): string | null => /app\/([\w-]+)/.exec(headers['user-agent'] ?? '')?.[1] ?? null;

/** The function that asks; null for a job. */
export const functionOf = (exchange: Exchange): string | null => {
  const app = appOf(exchange);
  return app?.startsWith('music-streaming-') ? app : null;
};

/** The Glue run that asks, by its mark (`jobMark`); null for a function, and for what the local stack does for a job. */
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

/** `S3`, `SQS`, `DynamoDB`, … */
export const serviceOf = ({ operation }: Exchange): string => {
  if (operation === null) return 'S3';
  const name = operation.split('.')[0]?.replace(/_.*$/, '') ?? '';
  return SERVICES[name] ?? name;
};

const READS = /\.(Get|List|Describe|Query|Scan|BatchGet)/;

/** Whether a request changes anything. */
export const isWrite = ({ method, operation }: Exchange): boolean =>
  operation === null ? method !== 'GET' && method !== 'HEAD' : !READS.test(operation);

/** Whether it is the one write by which a job commits. */
export const isCommit = ({ method, url }: Exchange): boolean =>
  method === 'PUT' && /\/processed\/runs\/[^/]+\/[a-z]+\/result\.json(\?|$)/.test(url);
