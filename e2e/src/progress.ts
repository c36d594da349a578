import type { FileState, FileVersion, Stage, StageDocument } from '@music-etl/contracts';
import { newestOf, stageOf, versionOf } from './documents.ts';
import { until } from './until.ts';
import type { Put, World } from './world.ts';

/** Waits until an upload reaches a state. */
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

/** Waits until a file is reprocessed and archived as version `version`. */
export const reprocessed = (world: World, key: string, version: number): Promise<FileVersion> =>
  until(world, `${key} is reprocessed and archived as version ${version}`, async () => {
    const newest = await newestOf(world, key);
    return newest?.version === version && newest.state === 'archived' ? newest : null;
  });

/** Waits until an upload is part of a run, and returns the run's id. */
export const runOf = (world: World, put: Put): Promise<string> =>
  until(world, `${put.key} is part of a run`, async () => {
    const version = await versionOf(world, put);
    return version?.state === 'pending' ? null : version?.run_id;
  });

/** Waits until the document of a run's stage satisfies `condition`. */
export const stageReaches = (
  world: World,
  runId: string,
  stage: Stage,
  condition: (document: StageDocument) => boolean,
): Promise<StageDocument> =>
  until(world, `${stage} of run ${runId} satisfies ${condition}`, async () => {
    const document = await stageOf(world, runId, stage);
    return document !== null && condition(document) ? document : null;
  });
