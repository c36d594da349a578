import { PutObjectCommand } from '@aws-sdk/client-s3';
import type { Put, World } from './world.ts';

export const SONGS_KEY = 'reference/songs/songs.csv';
export const USERS_KEY = 'reference/users/users.csv';

/** Puts an object and records it for the oracle. */
export const put = async (
  { s3, bucket, puts }: Pick<World, 's3' | 'bucket' | 'puts'>,
  key: string,
  content: string | Uint8Array,
): Promise<Put> => {
  const body = Buffer.from(content);
  const { VersionId = '' } = await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }));
  const done = { key, body, versionId: VersionId, at: new Date().toISOString() };
  puts.push(done);
  return done;
};
