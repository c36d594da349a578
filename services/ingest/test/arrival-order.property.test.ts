import { PENDING_PREFIX } from '@music-etl/contracts';
import type { Plan } from '@music-etl/testing/faults';
import fc, { type Scheduler } from 'fast-check';
import type { Arrival } from '../src/domain/arrival.ts';
import { aPlan } from './support/arbitrary-plans.ts';
import { anArrival } from './support/arrivals.ts';
import { FakeStore } from './support/fake-store.ts';

const KEYS = ['streams/a.csv', 'streams/b.csv'];

/** Generates the puts of each key, oldest first; content may come back. */
const puts = fc.tuple(
  ...KEYS.map((key) =>
    fc
      .array(fc.constantFrom('x', 'y', 'z'), { minLength: 1, maxLength: 5 })
      .map((etags) => etags.map((etag, i) => anArrival({ key, etag, versionId: `v${i}`, sequencer: `${10 + i}` }))),
  ),
);

const plan = aPlan(6);

/** Puts objects one after the other. Each has two events, which come in a random order and between the puts. */
const putWithEvents = async (
  fakeStore: FakeStore,
  s: Scheduler,
  arrivals: readonly Arrival[],
  planOf: () => Plan | null,
) => {
  const turn = () => s.schedule(Promise.resolve());
  const events: Promise<void>[] = [];
  const event = (arrival: Arrival) =>
    turn().then(() => fakeStore.register({ kind: 'stream', arrival }, planOf(), turn));
  for (const arrival of arrivals) {
    await turn();
    fakeStore.objects.put(arrival);
    events.push(event(arrival), event(arrival));
  }
  await Promise.allSettled(events);
};

/** Registers arrivals one after the other, in the order of their puts. */
const inOrder = async (arrivals: readonly Arrival[]): Promise<FakeStore> => {
  const fakeStore = new FakeStore();
  for (const arrival of arrivals) {
    fakeStore.objects.put(arrival);
    await fakeStore.register({ kind: 'stream', arrival });
  }
  return fakeStore;
};

test('events in any order, repeated and interleaved, give the same documents as events in order', async () => {
  const given = fc.tuple(
    puts,
    fc.scheduler(),
    fc.array(plan, { minLength: 1, maxLength: 7 }),
    fc.infiniteStream(fc.nat()),
  );
  const property = fc.asyncProperty(given, async ([files, s, plans, random]) => {
    const fakeStore = new FakeStore();
    let invocations = 0;
    const planOf = (): Plan | null => {
      invocations += 1;
      return plans[invocations % plans.length] ?? null;
    };
    fakeStore.objects.turn = () => s.schedule(Promise.resolve());
    await s.waitFor(Promise.all(files.map((arrivals) => putWithEvents(fakeStore, s, arrivals, planOf))));
    fakeStore.objects.turn = async () => {};
    // A message whose function failed is delivered again, later.
    const again = files.flat().map((arrival) => ({ arrival, at: random.next().value ?? 0 }));
    for (const { arrival } of again.sort((a, b) => a.at - b.at)) await fakeStore.register({ kind: 'stream', arrival });

    const expected = await inOrder(files.flat());
    for (const key of KEYS) expect(await fakeStore.fileOf(key)).toEqual(await expected.fileOf(key));
    const marked = async ({ documents }: FakeStore) => documents.list(PENDING_PREFIX);
    expect(await marked(fakeStore)).toEqual(await marked(expected));
  });
  await fc.assert(property, { numRuns: 300 });
}, 60_000);

test('in order, content that differs from the content before it is a version, other puts are repeats', async () => {
  const property = fc.asyncProperty(puts, async (files) => {
    const fakeStore = await inOrder(files.flat());
    for (const [i, key] of KEYS.entries()) {
      const arrivals = files[i] ?? [];
      const versions = (await fakeStore.fileOf(key))?.versions ?? [];
      const firsts = arrivals.filter(({ etag }, at) => arrivals[at - 1]?.etag !== etag);
      expect(versions.map(({ version_id, etag, version }) => [version_id, etag, version])).toEqual(
        firsts.map(({ versionId, etag }, at) => [versionId, etag, at + 1]),
      );
      expect(versions.flatMap(({ version_id, repeats }) => [version_id, ...repeats])).toEqual(
        arrivals.map(({ versionId }) => versionId),
      );
    }
  });
  await fc.assert(property);
});
