import { PENDING_PREFIX, REPLAYS_PREFIX, Stage } from '@music-etl/contracts';
import { keysUnder, stageOf, versionOf } from './documents.ts';
import { until } from './until.ts';
import type { World } from './world.ts';

const ACTIVE_KEY = /^processed\/active\/([a-z]+)\/(.+)\.json$/;

/** Counts the runs in progress; dead ones do not count. */
const activeRuns = async (world: World): Promise<number> => {
  const keys = await keysUnder(world, 'processed/active/');
  const stages = await Promise.all(
    keys.map((key) => {
      const [, stage = '', runId = ''] = ACTIVE_KEY.exec(key) ?? [];
      return stageOf(world, runId, Stage.parse(stage));
    }),
  );
  return stages.filter((document) => document?.state !== 'dead').length;
};

const inProgress = async (world: World): Promise<number> =>
  (await activeRuns(world)) +
  (await keysUnder(world, PENDING_PREFIX)).length +
  (await keysUnder(world, REPLAYS_PREFIX)).length;

const queued = async (world: World): Promise<number> => {
  const queues = (await world.reached.queues.look()).filter(({ dead }) => !dead);
  return queues.reduce((sum, { visible, in_flight, delayed }) => sum + visible + in_flight + delayed, 0);
};

/** Waits until all that was put is known and nothing is in progress. Files may wait for reference data. */
export const untilTerminal = async (world: World, seconds = 60): Promise<void> => {
  const unknown = new Set(world.puts.filter(({ key }) => key.startsWith('streams/')));
  await until(
    world,
    () => `all files are terminal; unknown: ${[...unknown].map(({ key, versionId }) => `${key} ${versionId}`)}`,
    async () => {
      for (const one of unknown) if ((await versionOf(world, one)) !== null) unknown.delete(one);
      // Counts twice: between two stages a run is only in a queue for a moment.
      return unknown.size === 0 && (await inProgress(world)) + (await queued(world)) + (await inProgress(world)) === 0;
    },
    seconds,
  );
};
