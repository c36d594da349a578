import { PENDING_PREFIX } from '@music-etl/contracts';
import type { Plan } from '@music-etl/stage/test/model/faults';
import fc, { type Scheduler } from 'fast-check';
import type { Arrived } from '../src/domain/notification.ts';
import { FakeStore, type Turn } from './support/fake-store.ts';
import { anArrival } from './support/records.ts';

const KEYS = ['streams/a.csv', 'streams/b.csv'];
const SONGS: Arrived = { kind: 'reference', arrival: anArrival({ key: 'reference/songs/s.csv' }) };

/** The puts of every key, oldest first; content may come back. */
const puts = fc.tuple(
  ...KEYS.map((key) =>
    fc.array(fc.constantFrom('x', 'y', 'z'), { minLength: 1, maxLength: 4 }).map((etags) =>
      etags.map((etag, i): Arrived => {
        const arrival = anArrival({ key, etag, versionId: `v${i}`, sequencer: `${10 + i}` });
        return { kind: 'stream', arrival };
      }),
    ),
  ),
);

const plan: fc.Arbitrary<Plan | null> = fc.option(
  fc.record({
    at: fc.integer({ min: 1, max: 16 }),
    fault: fc.constantFrom({ kind: 'dies' } as const, { kind: 'fails' } as const, { kind: 'answer lost' } as const),
  }),
);

/** Registers and forms, all at once, each call of each in an order that the scheduler picks; some of them break. */
const allAtOnce = async (
  fakeStore: FakeStore,
  s: Scheduler,
  arrivals: readonly Arrived[],
  plans: readonly (Plan | null)[],
) => {
  const turn: Turn = () => s.schedule(Promise.resolve());
  const planOf = (i: number): Plan | null => plans[i % plans.length] ?? null;
  const registering = [...arrivals, ...arrivals].map((arrived, i) => fakeStore.register(arrived, planOf(i), turn));
  const forming = [0, 1, 2].map((i) => turn().then(() => fakeStore.form(planOf(i + arrivals.length), turn)));
  const passing = turn().then(() => fakeStore.pass());
  await s.waitFor(Promise.allSettled([...registering, ...forming, passing]));
};

/** A message whose function failed is delivered again; the reconciler forms; runs end. */
const comesToRest = async (fakeStore: FakeStore, arrivals: readonly Arrived[]) => {
  for (const arrived of arrivals) await fakeStore.register(arrived);
  for (let i = 0; i < 12; i += 1) {
    fakeStore.pass();
    await fakeStore.form();
    await fakeStore.finishRuns();
  }
};

test('the newest version of every file ends in exactly one living run, whatever is late, doubled, broken or at once', async () => {
  const given = fc.tuple(puts, fc.scheduler(), fc.array(plan, { minLength: 5, maxLength: 9 }));
  const property = fc.asyncProperty(given, async ([files, s, plans]) => {
    const fakeStore = new FakeStore();
    const arrivals = [...files.flat(), SONGS];
    await allAtOnce(fakeStore, s, arrivals, plans);
    await comesToRest(fakeStore, arrivals);
    for (const [i, key] of KEYS.entries()) {
      const newest = await fakeStore.newestOf(key);
      expect(newest).toMatchObject({ state: 'running', etag: files[i]?.at(-1)?.arrival.etag });
      const runId = newest?.run_id ?? '';
      expect([...fakeStore.lived]).toContain(runId);
      const listed = (await fakeStore.run(runId))?.files.filter((f) => f.key === key && f.version === newest?.version);
      expect(listed).toHaveLength(1);
    }
    const runs = await Promise.all([...fakeStore.lived].map((runId) => fakeStore.run(runId)));
    expect(runs.some((run) => run?.reference_changed)).toBe(true);
    expect(await fakeStore.documents.list(PENDING_PREFIX)).toEqual([]);
  });
  await fc.assert(property, { numRuns: 300 });
}, 60_000);
