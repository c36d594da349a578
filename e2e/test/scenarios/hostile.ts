import { PENDING_PREFIX, STAGES, WAITING_PREFIX } from '@music-etl/contracts';
import { atCapacity, outage } from '../../src/answers.ts';
import { keysUnder, reaches, referenceOf, versionOf } from '../../src/documents.ts';
import { isAsked, startsJob, whileBroken, whileGated } from '../../src/faults.ts';
import { groupBy } from '../../src/group-by.ts';
import { deadLetters, reconcile } from '../../src/messages.ts';
import { contentOf, exportEqualToOracle, type Hostile, hostile } from '../../src/oracle.ts';
import { emptied, put, SONGS_KEY, terminal, USERS_KEY } from '../../src/putting.ts';
import { scenario } from '../../src/scenario.ts';
import { until } from '../../src/until.ts';
import type { Fault, Request } from '../../src/watcher.ts';
import type { Put, World } from '../../src/world.ts';

/** Held and rejected files, corrections of all kinds, repeats, names with spaces and signs. */
const SEED = 13;

const ACTIVE = 'processed/active/ingest/';

type Upload = Hostile['uploads'][number];

/** The uploads of each key, in their order; keys that are put once come first. */
const byKey = (uploads: readonly Upload[]): Upload[][] =>
  [...groupBy(uploads, ({ key }) => key).values()].sort((a, b) => a.length - b.length);

/** Puts a version and waits until it is known: of events that overtake each other the older is not heard. */
const putAndKnown = async (world: World, { key, body }: Upload): Promise<Put> => {
  const one = await put(world, key, body);
  await until(world, `${key} is known`, () => versionOf(world, one));
  return one;
};

const putAndTaken = async (world: World, upload: Upload): Promise<void> => {
  const one = await putAndKnown(world, upload);
  await until(world, `a run takes ${upload.key}`, async () => (await versionOf(world, one))?.state !== 'pending');
};

/** Numbers between 0 and 1 that look like chance and are the same every time. */
const chance = (seed: number) => (): number => {
  // Linear congruential generator, constants of Numerical Recipes.
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return seed / 2 ** 32;
};

/** The uploads in another order; the versions of one key stay in theirs. */
const shuffled = (uploads: readonly Upload[], random: () => number): Upload[] => {
  const order = uploads.map(({ key }) => ({ key, at: random() })).sort((a, b) => a.at - b.at);
  const queues = groupBy(uploads, ({ key }) => key);
  return order.flatMap(({ key }) => queues.get(key)?.shift() ?? []);
};

/** A complete of ingest cannot form a run of what has gathered. */
const cannotForm: Fault = (request: Request) =>
  isAsked(request, { stage: 'ingest', movement: 'complete' }, 's3:ListBucket') &&
  /prefix=processed(%2F|\/)(pending|waiting)/.test(request.asked.url)
    ? outage(request)
    : null;

export const describeHostile = (the: () => World): void =>
  scenario('hostile files', (step) => {
    let input: Hostile;
    let exported: Record<string, string>;

    beforeAll(async () => {
      input = await hostile(the(), SEED);
      await emptied(the());
    });

    step(
      'all at once, one of them before the reference data, end as the oracle says, though a complete died',
      async () => {
        const world = the();
        const [[first] = [], [second] = [], ...others] = byKey(input.uploads);
        if (!first || !second) throw new Error('the seed has too few files');
        await reaches(world, await put(world, first.key, first.body), 'waiting');
        await terminal(world);
        await whileBroken(world, cannotForm, async () => {
          await put(world, USERS_KEY, input.users);
          await put(world, SONGS_KEY, input.songs);
          await until(world, 'there is a snapshot', async () => (await referenceOf(world))?.reference_version);
          await until(world, 'ingest is idle', async () => (await keysUnder(world, ACTIVE)).length === 0);
          await put(world, second.key, second.body);
          await until(
            world,
            'it takes along what waits',
            async () => (await keysUnder(world, WAITING_PREFIX)).length === 0,
          );
        });
        await Promise.all(
          others.map(async (versions) => {
            for (const version of versions) await putAndKnown(world, version);
          }),
        );
        await terminal(world, 120);
        expect(await deadLetters(world)).toBe(0);
        exported = await contentOf(await exportEqualToOracle(world));
      },
    );

    step(
      'shuffled, one by one, each twice, in a house that is full a third of the time, end in the same bytes',
      async () => {
        const world = the();
        const random = chance(SEED);
        await emptied(world);
        const [[first] = [], [second] = [], ...others] = byKey(input.uploads);
        if (!first || !second) throw new Error('the seed has too few files');
        await reaches(world, await put(world, first.key, first.body), 'waiting');
        await terminal(world);
        await whileBroken(world, cannotForm, async () => {
          await whileGated(
            world,
            (request) => startsJob(request, 'ingest'),
            async (gate) => {
              await put(world, USERS_KEY, input.users);
              await until(world, 'a run is about to start', async () => gate.arrived > 0);
              await put(world, SONGS_KEY, input.songs);
              await put(world, second.key, second.body);
              await until(
                world,
                'both have gathered',
                async () => (await keysUnder(world, PENDING_PREFIX)).length === 2,
              );
            },
          );
          await until(world, 'ingest is idle', async () => (await keysUnder(world, ACTIVE)).length === 0);
          await reconcile(world, 'ingest');
          expect(await keysUnder(world, PENDING_PREFIX)).toEqual([]);
        });
        const full: Fault = (request) =>
          STAGES.some((stage) => startsJob(request, stage)) && random() < 1 / 3 ? atCapacity() : null;
        await whileBroken(world, full, async () => {
          for (const upload of shuffled(others.flat(), random)) {
            await putAndTaken(world, upload);
            await putAndKnown(world, upload);
          }
          await terminal(world, 120);
        });
        expect(await deadLetters(world)).toBe(0);
        expect(await contentOf(await exportEqualToOracle(world))).toEqual(exported);
      },
    );
  });
