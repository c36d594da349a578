import { FileDocument, fileId, fileKey, PENDING_PREFIX } from '@music-etl/contracts';
import type { Plan } from '@music-etl/stage/test/model/faults';
import fc, { type Scheduler } from 'fast-check';
import type { Arrival } from '../src/domain/arrival.ts';
import { FakeStore } from './support/fake-store.ts';
import { anArrival } from './support/records.ts';

const KEYS = ['streams/a.csv', 'streams/b.csv'];

/** What is put under every key, oldest first; content may come back. */
const puts = fc.tuple(
  ...KEYS.map((key) =>
    fc
      .array(fc.constantFrom('x', 'y', 'z'), { minLength: 1, maxLength: 5 })
      .map((etags) => etags.map((etag, i) => anArrival({ key, etag, versionId: `v${i}`, sequencer: `${10 + i}` }))),
  ),
);

const plan: fc.Arbitrary<Plan | null> = fc.option(
  fc.record({
    at: fc.integer({ min: 1, max: 6 }),
    fault: fc.constantFrom({ kind: 'dies' } as const, { kind: 'fails' } as const, { kind: 'answer lost' } as const),
  }),
);

const documentOf = async (fakeStore: FakeStore, key: string): Promise<FileDocument | undefined> =>
  (await fakeStore.documents.read(fileKey(fileId(key)), (value) => FileDocument.parse(value)))?.value;

/** Puts one after the other; events of what was put are on their way meanwhile, twice, in an order that chance picks. */
const putAndTell = async (
  fakeStore: FakeStore,
  s: Scheduler,
  arrivals: readonly Arrival[],
  planOf: () => Plan | null,
) => {
  const turn = () => s.schedule(Promise.resolve());
  const told: Promise<void>[] = [];
  const tell = (arrival: Arrival) => turn().then(() => fakeStore.register({ kind: 'stream', arrival }, planOf(), turn));
  for (const arrival of arrivals) {
    await turn();
    fakeStore.objects.put(arrival);
    told.push(tell(arrival), tell(arrival));
  }
  await Promise.allSettled(told);
};

/** Told of one after the other, as they were put. */
const inOrder = async (arrivals: readonly Arrival[]): Promise<FakeStore> => {
  const fakeStore = new FakeStore();
  for (const arrival of arrivals) {
    fakeStore.objects.put(arrival);
    await fakeStore.register({ kind: 'stream', arrival });
  }
  return fakeStore;
};

test('in whatever order, how often and interleaved events come, the documents end as if they had come in order', async () => {
  const given = fc.tuple(
    puts,
    fc.scheduler(),
    fc.array(plan, { minLength: 1, maxLength: 7 }),
    fc.infiniteStream(fc.nat()),
  );
  const property = fc.asyncProperty(given, async ([files, s, plans, chance]) => {
    const fakeStore = new FakeStore();
    let told = 0;
    const planOf = (): Plan | null => {
      told += 1;
      return plans[told % plans.length] ?? null;
    };
    fakeStore.objects.turn = () => s.schedule(Promise.resolve());
    await s.waitFor(Promise.all(files.map((arrivals) => putAndTell(fakeStore, s, arrivals, planOf))));
    fakeStore.objects.turn = async () => {};
    // A message whose function failed is delivered again, late.
    const again = files.flat().map((arrival) => ({ arrival, at: chance.next().value ?? 0 }));
    for (const { arrival } of again.sort((a, b) => a.at - b.at)) await fakeStore.register({ kind: 'stream', arrival });

    const expected = await inOrder(files.flat());
    for (const key of KEYS) expect(await documentOf(fakeStore, key)).toEqual(await documentOf(expected, key));
    const marked = async ({ documents }: FakeStore) => documents.list(PENDING_PREFIX);
    expect(await marked(fakeStore)).toEqual(await marked(expected));
  });
  await fc.assert(property, { numRuns: 300 });
}, 60_000);

test('in order, every content that differs from the one before it is a version, the others repeat it', async () => {
  const property = fc.asyncProperty(puts, async (files) => {
    const fakeStore = await inOrder(files.flat());
    for (const [i, key] of KEYS.entries()) {
      const arrivals = files[i] ?? [];
      const versions = (await documentOf(fakeStore, key))?.versions ?? [];
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
