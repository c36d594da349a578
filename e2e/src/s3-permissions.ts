import type { AwsRequest, Permission } from './aws-request.ts';

const header = (request: AwsRequest, name: string): string => [request.headers[name] ?? ''].flat()[0] ?? '';

const s3Arn = (bucket: string, key = ''): string => `arn:aws:s3:::${bucket}${key === '' ? '' : `/${key}`}`;

/** Reading or deleting a version is an action of its own. */
const versioned = (action: string, version: string | null): string => `${action}${version ? 'Version' : ''}`;

const forCopySource = (request: AwsRequest): Permission[] => {
  const source = header(request, 'x-amz-copy-source');
  if (source === '') return [];
  const [path = '', query = ''] = source.split('?');
  const [bucket = '', ...rest] = decodeURIComponent(path).replace(/^\//, '').split('/');
  const version = new URLSearchParams(query).get('versionId');
  return [{ action: versioned('s3:GetObject', version), resource: s3Arn(bucket, rest.join('/')) }];
};

const forDeletions = (body: string, bucket: string): Permission[] =>
  [...body.matchAll(/<Object>(.*?)<\/Object>/gs)].map(([, entry = '']) => {
    const key = /<Key>(.*?)<\/Key>/s.exec(entry)?.[1] ?? '';
    const version = /<VersionId>(.*?)<\/VersionId>/s.exec(entry)?.[1] ?? null;
    return { action: versioned('s3:DeleteObject', version), resource: s3Arn(bucket, key) };
  });

const forPut = (request: AwsRequest, resource: string): Permission[] => [
  { action: 's3:PutObject', resource },
  // Amazon S3 User Guide, "conditional writes": If-Match requires GetObject too.
  ...(header(request, 'if-match') === '' ? [] : [{ action: 's3:GetObject', resource }]),
  ...forCopySource(request),
];

const forObject = (request: AwsRequest, resource: string, query: URLSearchParams): Permission[] => {
  const version = query.get('versionId');
  switch (request.method) {
    case 'GET':
    case 'HEAD':
      return [{ action: versioned('s3:GetObject', version), resource }];
    case 'DELETE':
      return [
        { action: query.has('uploadId') ? 's3:AbortMultipartUpload' : versioned('s3:DeleteObject', version), resource },
      ];
    default:
      return forPut(request, resource);
  }
};

/** Returns the permissions that a request to S3 requires. */
export const s3Permissions = (request: AwsRequest): Permission[] => {
  const { pathname, searchParams } = new URL(request.url, 'http://s3');
  const [, bucket = '', ...rest] = pathname.split('/').map(decodeURIComponent);
  const key = rest.join('/');
  if (bucket === '') return [];
  if (key !== '') return forObject(request, s3Arn(bucket, key), searchParams);
  if (request.method === 'POST' && searchParams.has('delete')) return forDeletions(request.body, bucket);
  return [
    { action: searchParams.has('versions') ? 's3:ListBucketVersions' : 's3:ListBucket', resource: s3Arn(bucket) },
  ];
};

/** Returns the permission without which S3 would respond 403 instead of 404 for a missing object. */
export const s3PermissionsOfResponse = (request: AwsRequest, status: number): Permission[] => {
  if (status !== 404 || !['GET', 'HEAD'].includes(request.method)) return [];
  const [read] = s3Permissions(request);
  const bucket = /^arn:aws:s3:::([^/]+)\//.exec(read?.resource ?? '')?.[1];
  if (bucket === undefined) return [];
  const action = read?.action === 's3:GetObjectVersion' ? 's3:ListBucketVersions' : 's3:ListBucket';
  return [{ action, resource: s3Arn(bucket) }];
};
