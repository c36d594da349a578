import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { GetObjectCommand, HeadObjectCommand, type S3Client } from '@aws-sdk/client-s3';

const parseAddress = (address: string): { Bucket: string; Key: string } => {
  const match = /^s3:\/\/([^/]+)\/(.+)$/.exec(address);
  if (!match?.[1] || !match[2]) throw new Error(`not an S3 address: ${address}`);
  return { Bucket: match[1], Key: match[2] };
};

let downloads = 0;

/**
 * Returns the local path of an S3 object, which is downloaded once per content. Every call makes a HEAD request with
 * the role's session, so a role that may not read the object does not get it from the cache either.
 */
export const download = async (s3: S3Client, address: string, cache: string): Promise<string> => {
  const object = parseAddress(address);
  try {
    const { ETag = '' } = await s3.send(new HeadObjectCommand(object));
    const directory = join(cache, createHash('sha256').update(`${address}\0${ETag}`).digest('hex').slice(0, 24));
    const path = join(directory, basename(object.Key));
    if (existsSync(path)) return path;
    const { Body } = await s3.send(new GetObjectCommand({ ...object, IfMatch: ETag }));
    mkdirSync(directory, { recursive: true });
    downloads += 1;
    const partial = `${path}.${downloads}.part`;
    await writeFile(partial, (await Body?.transformToByteArray()) ?? '');
    renameSync(partial, path);
    return path;
  } catch (error) {
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    throw new Error(`LAUNCH ERROR | cannot read ${address} with the job's role: ${reason}`, { cause: error });
  }
};
