import { z } from 'zod';

/** What IAM asks of a request: an action on a resource. */
export interface Need {
  readonly action: string;
  readonly resource: string;
}

export interface Asked {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** `AWSGlue.StartJobRun`; null for REST and query protocols. */
  readonly operation: string | null;
  /** Read where the operation or `?delete` needs it. */
  readonly body: string;
  readonly account: string;
  readonly region: string;
}

const field = (body: string, name: string): string => {
  try {
    const found: unknown = Object.getOwnPropertyDescriptor(JSON.parse(body), name)?.value;
    return typeof found === 'string' ? found : '';
  } catch {
    return '';
  }
};

const header = (asked: Asked, name: string): string => [asked.headers[name] ?? ''].flat()[0] ?? '';

const SERVICES: Record<string, { service: string; resource: (asked: Asked) => string }> = {
  AmazonSQS: { service: 'sqs', resource: ({ body }) => field(body, 'QueueUrl').split('/').at(-1) ?? '' },
  AWSGlue: { service: 'glue', resource: ({ body }) => `job/${field(body, 'JobName')}` },
  DynamoDB_20120810: { service: 'dynamodb', resource: ({ body }) => `table/${field(body, 'TableName')}` },
  AWSEvents: { service: 'events', resource: () => 'event-bus/default' },
  Logs_20140328: { service: 'logs', resource: ({ body }) => `log-group:${field(body, 'logGroupName')}` },
};

const Transaction = z.object({
  TransactItems: z.array(z.record(z.string(), z.looseObject({ TableName: z.string() }))),
});

/** A transaction needs what each of its actions would need alone. */
const ofTransaction = ({ body, account, region }: Asked): Need[] =>
  Transaction.parse(JSON.parse(body)).TransactItems.flatMap((item) =>
    Object.entries(item).map(([kind, { TableName }]) => ({
      // Put, Update, Delete, ConditionCheck.
      action: `dynamodb:${kind}Item`,
      resource: `arn:aws:dynamodb:${region}:${account}:table/${TableName}`,
    })),
  );

const ofTarget = (asked: Asked, operation: string): Need[] => {
  const [prefix = '', name = ''] = operation.split('.');
  if (operation === 'DynamoDB_20120810.TransactWriteItems') return ofTransaction(asked);
  const known = SERVICES[prefix];
  if (!known) return [];
  const resource = `arn:aws:${known.service}:${asked.region}:${asked.account}:${known.resource(asked)}`;
  return [{ action: `${known.service}:${name}`, resource }];
};

const s3Arn = (bucket: string, key = ''): string => `arn:aws:s3:::${bucket}${key === '' ? '' : `/${key}`}`;

/** A read or deletion that names a version is an action of its own. */
const versioned = (action: string, version: string | null): string => `${action}${version ? 'Version' : ''}`;

const copySource = (asked: Asked): Need[] => {
  const source = header(asked, 'x-amz-copy-source');
  if (source === '') return [];
  const [path = '', query = ''] = source.split('?');
  const [bucket = '', ...rest] = decodeURIComponent(path).replace(/^\//, '').split('/');
  const version = new URLSearchParams(query).get('versionId');
  return [{ action: versioned('s3:GetObject', version), resource: s3Arn(bucket, rest.join('/')) }];
};

const deletions = (body: string, bucket: string): Need[] =>
  [...body.matchAll(/<Object>(.*?)<\/Object>/gs)].map(([, entry = '']) => {
    const key = /<Key>(.*?)<\/Key>/s.exec(entry)?.[1] ?? '';
    const version = /<VersionId>(.*?)<\/VersionId>/s.exec(entry)?.[1] ?? null;
    return { action: versioned('s3:DeleteObject', version), resource: s3Arn(bucket, key) };
  });

const putNeeds = (asked: Asked, resource: string): Need[] => [
  { action: 's3:PutObject', resource },
  // Amazon S3 User Guide, "conditional writes": If-Match asks for GetObject too.
  ...(header(asked, 'if-match') === '' ? [] : [{ action: 's3:GetObject', resource }]),
  ...copySource(asked),
];

const ofObject = (asked: Asked, bucket: string, key: string, query: URLSearchParams): Need[] => {
  const resource = s3Arn(bucket, key);
  const version = query.get('versionId');
  switch (asked.method) {
    case 'GET':
    case 'HEAD':
      return [{ action: versioned('s3:GetObject', version), resource }];
    case 'DELETE':
      return [
        { action: query.has('uploadId') ? 's3:AbortMultipartUpload' : versioned('s3:DeleteObject', version), resource },
      ];
    default:
      return putNeeds(asked, resource);
  }
};

const ofS3 = (asked: Asked): Need[] => {
  const { pathname, searchParams } = new URL(asked.url, 'http://localStack');
  const [, bucket = '', ...rest] = pathname.split('/').map(decodeURIComponent);
  const key = rest.join('/');
  if (bucket === '') return [];
  if (key !== '') return ofObject(asked, bucket, key, searchParams);
  if (asked.method === 'POST' && searchParams.has('delete')) return deletions(asked.body, bucket);
  return [
    { action: searchParams.has('versions') ? 's3:ListBucketVersions' : 's3:ListBucket', resource: s3Arn(bucket) },
  ];
};

/** The permissions a request needs on AWS; none for what is no request of the pipeline's services. */
export const needsOf = (asked: Asked): Need[] =>
  asked.operation === null ? ofS3(asked) : ofTarget(asked, asked.operation);

/** What the answer shows to have been needed beyond that: without it, what is missing is 403 on AWS, not 404. */
export const needsOfAnswer = (asked: Asked, status: number): Need[] => {
  if (asked.operation !== null || status !== 404 || !['GET', 'HEAD'].includes(asked.method)) return [];
  const [read] = ofS3(asked);
  const bucket = /^arn:aws:s3:::([^/]+)\//.exec(read?.resource ?? '')?.[1];
  if (bucket === undefined) return [];
  const action = read?.action === 's3:GetObjectVersion' ? 's3:ListBucketVersions' : 's3:ListBucket';
  return [{ action, resource: s3Arn(bucket) }];
};
