import type { Server } from 'node:http';
import { S3Client } from '@aws-sdk/client-s3';

/** Credentials that only local servers accept. */
export const TEST_CREDENTIALS = { accessKeyId: 'test', secretAccessKey: 'test' };

/** Starts a server on a free local port and returns its URL. */
export const listen = async (server: Server): Promise<string> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
};

/** Stops a server and closes its connections. */
export const close = async (server: Server): Promise<void> => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
};

/** Builds a real S3 client, which tries once, for a server at `endpoint`. */
export const s3ClientOf = (endpoint: string): S3Client =>
  new S3Client({
    endpoint,
    region: 'eu-central-1',
    forcePathStyle: true,
    maxAttempts: 1,
    credentials: TEST_CREDENTIALS,
  });
