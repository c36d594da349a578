import { PENDING_PREFIX, STAGES, WAITING_PREFIX } from '@music-etl/contracts';
import { keysUnder, referenceOf, versionOf } from '../../src/documents.ts';
import { withFault, withGate } from '../../src/gate.ts';
import { groupBy } from '../../src/group-by.ts';
import { type Hostile, hostileFiles } from '../../src/hostile.ts';
import { countDeadLetters } from '../../src/messages.ts';
import { exportEqualToOracle } from '../../src/oracle.ts';
import { reaches } from '../../src/progress.ts';
import { put, SONGS_KEY, USERS_KEY } from '../../src/put.ts';
import { reconcile } from '../../src/reconcile.ts';
import { reset } from '../../src/reset.ts';
import { atCapacity, outage } from '../../src/responses.ts';
import { scenario } from '../../src/scenario.ts';
import { isRequestOf, startsJob } from '../../src/stage-requests.ts';
import { untilTerminal } from '../../src/terminal.ts';
import { readExport } from '../../src/tool.ts';
import { until } from '../../src/until.ts';
import type { Fault } from '../../src/watcher.ts';
import type { Put, World } from '../../src/world.ts';

/** Has held and rejected files, corrections of all kinds, repeats, and names with spaces and signs. */
const SEED = 36;

const ACTIVE = 'processed/active/ingest/';

type Upload = Hostile['uploads'][number];
type Uploads = { first: Upload; second: Upload; others: Upload[][] };

/** Groups the uploads by key, in their order. The first two keys are put only once. */
const byKey = (uploads: readonly Upload[]): Uploads => {
  const groups = [...groupBy(uploads, ({ key }) => key).values()].sort((a, b) => a.length - b.length);
  const [[first] = [], [second] = [], ...others] = groups;
  if (!first || !second) throw new Error('the seed has too few files');
  return { first, second, others };
};

/** Puts a version and waits until it is known: events that overtake each other make ingest skip the older one. */
const putAndKnown = async (world: World, { key, body }: Upload): Promise<Put> => {
  const one = await put(world, key, body);
  await until(world, `${key} is known`, () => versionOf(world, one));
  return one;
};

const putAndTaken = async (world: World, upload: Upload): Promise<void> => {
  const one = await putAndKnown(world, upload);
  await until(world, `a run takes ${upload.key}`, async () => (await versionOf(world, one))?.state !== 'pending');
};

/** Creates a generator of pseudo-random numbers between 0 and 1. */
const randomOf = (seed: number) => (): number => {
  // Linear congruential generator, constants of Numerical Recipes.
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return seed / 2 ** 32;
};

/** Shuffles the uploads; the versions of one key keep their order. */
const shuffled = (uploads: readonly Upload[], random: () => number): Upload[] => {
  const order = uploads.map(({ key }) => ({ key, at: random() })).sort((a, b) => a.at - b.at);
  const queues = groupBy(uploads, ({ key }) => key);
  return order.flatMap(({ key }) => queues.get(key)?.shift() ?? []);
};

/** Prevents ingest's complete function from creating a run of the files that have arrived meanwhile. */
const failsToCreateRun: Fault = (request) =>
  isRequestOf(request, { stage: 'ingest', movement: 'complete' }, 's3:ListBucket') &&
  /prefix=processed(%2F|\/)(pending|waiting)/.test(request.request.url)
    ? outage(request)
    : null;

const untilIngestIdle = (world: World): Promise<boolean> =>
  until(world, 'ingest is idle', async () => (await keysUnder(world, ACTIVE)).length === 0);

/** Puts the second file after the reference data: its run also takes the first one, which waits. */
const putBesideWaiting = (world: World, input: Hostile, second: Upload): Promise<void> =>
  withFault(world, failsToCreateRun, async () => {
    await put(world, USERS_KEY, input.users);
    await put(world, SONGS_KEY, input.songs);
    await until(world, 'there is a snapshot', async () => (await referenceOf(world))?.reference_version);
    await untilIngestIdle(world);
    await put(world, second.key, second.body);
    await until(world, 'no file waits', async () => (await keysUnder(world, WAITING_PREFIX)).length === 0);
  });

/** Puts half of the reference data and the second file during a run; the reconciler creates their run. */
const putDuringRun = (world: World, input: Hostile, second: Upload): Promise<void> =>
  withFault(world, failsToCreateRun, async () => {
    await withGate(
      world,
      (request) => startsJob(request, 'ingest'),
      async (gate) => {
        await put(world, USERS_KEY, input.users);
        await until(world, 'a run is about to start', async () => gate.arrived > 0);
        await put(world, SONGS_KEY, input.songs);
        await put(world, second.key, second.body);
        await until(world, 'both are pending', async () => (await keysUnder(world, PENDING_PREFIX)).length === 2);
      },
    );
    await untilIngestIdle(world);
    await reconcile(world, 'ingest');
    expect(await keysUnder(world, PENDING_PREFIX)).toEqual([]);
  });

export const describeHostile = (getWorld: () => World): void =>
  scenario('hostile files', (step) => {
    let input: Hostile;
    let exported: Record<string, string>;

    /** Puts the first file without reference data, and waits until it waits. */
    const putFirst = async (world: World, first: Upload): Promise<void> => {
      await reaches(world, await put(world, first.key, first.body), 'waiting');
      await untilTerminal(world);
    };

    beforeAll(async () => {
      input = await hostileFiles(getWorld().dir, SEED);
      await reset(getWorld());
    });

    step('at once, one before the reference data, end as the oracle computes, though a function failed', async () => {
      const world = getWorld();
      const { first, second, others } = byKey(input.uploads);
      await putFirst(world, first);
      await putBesideWaiting(world, input, second);
      await Promise.all(
        others.map(async (versions) => {
          for (const version of versions) await putAndKnown(world, version);
        }),
      );
      await untilTerminal(world, 120);
      expect(await countDeadLetters(world)).toBe(0);
      exported = await readExport(await exportEqualToOracle(world));
    });

    step(
      'shuffled, one by one, each twice, with Glue at capacity every third time, end in the same bytes',
      async () => {
        const world = getWorld();
        const random = randomOf(SEED);
        await reset(world);
        const { first, second, others } = byKey(input.uploads);
        await putFirst(world, first);
        await putDuringRun(world, input, second);
        const full: Fault = (request) =>
          STAGES.some((stage) => startsJob(request, stage)) && random() < 1 / 3 ? atCapacity() : null;
        await withFault(world, full, async () => {
          for (const upload of shuffled(others.flat(), random)) {
            await putAndTaken(world, upload);
            await putAndKnown(world, upload);
          }
          await untilTerminal(world, 120);
        });
        expect(await countDeadLetters(world)).toBe(0);
        expect(await readExport(await exportEqualToOracle(world))).toEqual(exported);
      },
    );
  });
