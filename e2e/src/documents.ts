import { HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import {
  FileDocument,
  type FileVersion,
  fileId,
  fileKey,
  REFERENCE_KEY,
  ReferenceDocument,
  type Stage,
  StageDocument,
  stageKey,
} from '@music-etl/contracts';
import type { z } from 'zod';
import type { Put, World } from './world.ts';

/** Reads a document, or null if there is none. */
export const read = async <T>(world: World, key: string, schema: z.ZodType<T>): Promise<T | null> => {
  const text = await world.reached.objects.read(key);
  return text === null ? null : schema.parse(JSON.parse(text));
};

/** Writes an object that is no upload of a scenario, such as a document. */
export const write = async ({ s3, bucket }: World, key: string, body: string): Promise<void> => {
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }));
};

export const keysUnder = async (world: World, prefix: string): Promise<string[]> => {
  const keys: string[] = [];
  for await (const { key } of world.reached.objects.list(prefix)) keys.push(key);
  return keys;
};

export const fileOf = (world: World, key: string): Promise<FileDocument | null> =>
  read(world, fileKey(fileId(key)), FileDocument);

export const stageOf = (world: World, runId: string, stage: Stage): Promise<StageDocument | null> =>
  read(world, stageKey(runId, stage), StageDocument);

export const referenceOf = (world: World): Promise<ReferenceDocument | null> =>
  read(world, REFERENCE_KEY, ReferenceDocument);

/** Returns the version that an upload became, also as a repeat; null while it is unknown. */
export const versionOf = async (world: World, { key, versionId }: Put): Promise<FileVersion | null> =>
  (await fileOf(world, key))?.versions.find(
    ({ version_id, repeats }) => version_id === versionId || repeats.includes(versionId),
  ) ?? null;

/** Returns the newest version of a file. */
export const newestOf = async (world: World, key: string): Promise<FileVersion | undefined> =>
  (await fileOf(world, key))?.versions.at(-1);

/** Returns true if the uploaded version of the object exists. */
export const objectExists = ({ s3, bucket }: World, { key, versionId }: Put): Promise<boolean> =>
  s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key, VersionId: versionId })).then(
    () => true,
    () => false,
  );
