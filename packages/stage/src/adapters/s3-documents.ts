import { setTimeout } from 'node:timers/promises';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  NoSuchKey,
  PutObjectCommand,
  paginateListObjectsV2,
  type S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import type { DocumentStore, Parse, Stored } from '../domain/ports.ts';
import { UnreadableDocument } from '../domain/unreadable-document.ts';

/** 412: another writer was first. 404: the document to replace is gone. */
const LOST_RACE = [404, 412];
/** Another write is in progress. S3 requires a retry, since that write may still fail. */
const CONFLICT = 409;
const TRIES = 4;
const PAUSE_MS = 50;

/** @throws every error of S3 that does not come from a race. */
const outcomeOf = async (write: () => Promise<void>): Promise<'won' | 'lost' | 'conflict'> => {
  try {
    await write();
    return 'won';
  } catch (error) {
    const status = error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
    if (status === CONFLICT) return 'conflict';
    if (status !== undefined && LOST_RACE.includes(status)) return 'lost';
    throw error;
  }
};

/** Writes, and retries while another write is in progress. Returns false when it loses the race. */
const wins = async (write: () => Promise<void>, tries = TRIES): Promise<boolean> => {
  const outcome = await outcomeOf(write);
  if (outcome !== 'conflict') return outcome === 'won';
  if (tries === 1) return false;
  await setTimeout(PAUSE_MS);
  return wins(write, tries - 1);
};

const parsed = <T>(bucket: string, key: string, body: string, parse: Parse<T>): T => {
  try {
    return parse(JSON.parse(body));
  } catch (cause) {
    throw new UnreadableDocument(bucket, key, cause);
  }
};

const read = async <T>(s3: S3Client, bucket: string, key: string, parse: Parse<T>): Promise<Stored<T> | null> => {
  try {
    const object = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    const body = (await object.Body?.transformToString()) ?? '';
    return { value: parsed(bucket, key, body, parse), etag: object.ETag ?? '' };
  } catch (error) {
    if (error instanceof NoSuchKey) return null;
    throw error;
  }
};

const list = async (s3: S3Client, bucket: string, prefix: string): Promise<string[]> => {
  const keys: string[] = [];
  for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket: bucket, Prefix: prefix })) {
    for (const { Key } of Contents) if (Key !== undefined) keys.push(Key);
  }
  return keys;
};

/** Builds the document store in S3. S3's conditional writes decide races. */
export const s3Documents = (s3: S3Client, bucket: string): DocumentStore => {
  const put = async (key: string, value: unknown, condition: { IfMatch?: string; IfNoneMatch?: string }) => {
    const Body = JSON.stringify(value);
    await s3.send(
      new PutObjectCommand({ Bucket: bucket, Key: key, Body, ContentType: 'application/json', ...condition }),
    );
  };
  return {
    read: (key, parse) => read(s3, bucket, key, parse),
    create: (key, value) => wins(() => put(key, value, { IfNoneMatch: '*' })),
    replace: (key, value, etag) => wins(() => put(key, value, { IfMatch: etag })),
    mark: (key, value) => put(key, value, {}),
    list: (prefix) => list(s3, bucket, prefix),
    remove: async (key) => {
      await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
    },
  };
};
