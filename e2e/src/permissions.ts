import { z } from 'zod';
import type { AwsRequest, Permission } from './aws-request.ts';
import { s3Permissions, s3PermissionsOfResponse } from './s3-permissions.ts';

const field = (body: string, name: string): string => {
  try {
    const found: unknown = Object.getOwnPropertyDescriptor(JSON.parse(body), name)?.value;
    return typeof found === 'string' ? found : '';
  } catch {
    return '';
  }
};

const SERVICES: Record<string, { service: string; resource: (request: AwsRequest) => string }> = {
  AmazonSQS: { service: 'sqs', resource: ({ body }) => field(body, 'QueueUrl').split('/').at(-1) ?? '' },
  AWSGlue: { service: 'glue', resource: ({ body }) => `job/${field(body, 'JobName')}` },
  DynamoDB_20120810: { service: 'dynamodb', resource: ({ body }) => `table/${field(body, 'TableName')}` },
  AWSEvents: { service: 'events', resource: () => 'event-bus/default' },
  Logs_20140328: { service: 'logs', resource: ({ body }) => `log-group:${field(body, 'logGroupName')}` },
};

const Transaction = z.object({
  TransactItems: z.array(z.record(z.string(), z.looseObject({ TableName: z.string() }))),
});

/** A transaction requires what each of its actions requires alone. */
const ofTransaction = ({ body, account, region }: AwsRequest): Permission[] =>
  Transaction.parse(JSON.parse(body)).TransactItems.flatMap((item) =>
    Object.entries(item).map(([kind, { TableName }]) => ({
      // Put, Update, Delete, ConditionCheck.
      action: `dynamodb:${kind}Item`,
      resource: `arn:aws:dynamodb:${region}:${account}:table/${TableName}`,
    })),
  );

const ofOperation = (request: AwsRequest, operation: string): Permission[] => {
  const [prefix = '', name = ''] = operation.split('.');
  if (operation === 'DynamoDB_20120810.TransactWriteItems') return ofTransaction(request);
  const known = SERVICES[prefix];
  if (!known) return [];
  const resource = `arn:aws:${known.service}:${request.region}:${request.account}:${known.resource(request)}`;
  return [{ action: `${known.service}:${name}`, resource }];
};

/** Returns the permissions that a request requires on AWS; none for services that the pipeline does not use. */
export const permissionsOf = (request: AwsRequest): Permission[] =>
  request.operation === null ? s3Permissions(request) : ofOperation(request, request.operation);

/** Returns the permissions beyond those that this response requires on AWS. */
export const permissionsOfResponse = (request: AwsRequest, status: number): Permission[] =>
  request.operation === null ? s3PermissionsOfResponse(request, status) : [];
