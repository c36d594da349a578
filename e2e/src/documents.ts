import {
  FileDocument,
  type FileState,
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
import { until } from './until.ts';
import type { Put, World } from './world.ts';

export const read = async <T>(world: World, key: string, schema: z.ZodType<T>): Promise<T | null> => {
  const text = await world.reached.objects.read(key);
  return text === null ? null : schema.parse(JSON.parse(text));
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

/** What became of a version that was put; null while nothing knows of it. */
export const versionOf = async (world: World, { key, versionId }: Put): Promise<FileVersion | null> =>
  (await fileOf(world, key))?.versions.find(
    ({ version_id, repeats }) => version_id === versionId || repeats.includes(versionId),
  ) ?? null;

/** What was said last of a file. */
export const newestOf = async (world: World, key: string): Promise<FileVersion | undefined> =>
  (await fileOf(world, key))?.versions.at(-1);

/** Waits until a file was reprocessed and its rows are archived, as its version `version`. */
export const reprocessed = (world: World, key: string, version: number): Promise<FileVersion> =>
  until(world, `${key} is reprocessed and archived as version ${version}`, async () => {
    const newest = await newestOf(world, key);
    return newest?.version === version && newest.state === 'archived' ? newest : null;
  });

/** Waits until what was put has come into a state. */
export const reaches = (world: World, put: Put, state: FileState, seconds?: number): Promise<FileVersion> =>
  until(
    world,
    `${put.key} becomes ${state}`,
    async () => {
      const version = await versionOf(world, put);
      return version?.state === state ? version : null;
    },
    seconds,
  );

/** The run that took what was put. */
export const runOf = (world: World, put: Put): Promise<string> =>
  until(world, `a run takes ${put.key}`, async () => {
    const version = await versionOf(world, put);
    return version?.state === 'pending' ? null : version?.run_id;
  });

/** Waits until a stage of a run has come into a state. */
export const stageReaches = (
  world: World,
  runId: string,
  stage: Stage,
  is: (document: StageDocument) => boolean,
): Promise<StageDocument> =>
  until(world, `${stage} of run ${runId} gets where it should`, async () => {
    const document = await stageOf(world, runId, stage);
    return document !== null && is(document) ? document : null;
  });
