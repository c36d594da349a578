import { PENDING_PREFIX } from '@music-etl/contracts';
import type { Plan } from '@music-etl/testing/faults';
import fc, { type Scheduler } from 'fast-check';
import type { Arrived } from '../src/domain/notification.ts';
import { aPlan } from './support/arbitrary-plans.ts';
import { anArrival } from './support/arrivals.ts';
import { FakeStore, type Turn } from './support/fake-store.ts';

const KEYS = ['streams/a.csv', 'streams/b.csv'];
const SONGS: Arrived = { kind: 'reference', arrival: anArrival({ key: 'reference/songs/s.csv' }) };

/** Generates the puts of each key, oldest first; content may come back. */
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

const plan = aPlan(16);

/** Registers arrivals and creates runs concurrently. The scheduler picks the order of all calls; some have faults. */
const allAtOnce = async (
  fakeStore: FakeStore,
  s: Scheduler,
  arrivals: readonly Arrived[],
  plans: readonly (Plan | null)[],
) => {
  const turn: Turn = () => s.schedule(Promise.resolve());
  const planOf = (i: number): Plan | null => plans[i % plans.length] ?? null;
  const registering = [...arrivals, ...arrivals].map((arrived, i) => fakeStore.register(arrived, planOf(i), turn));
  const creating = [0, 1, 2].map((i) => turn().then(() => fakeStore.createRuns(planOf(i + arrivals.length), turn)));
  const passing = turn().then(() => fakeStore.pass());
  await s.waitFor(Promise.allSettled([...registering, ...creating, passing]));
};

/** Delivers messages of failed functions again, creates runs as the reconciler does, and ends them. */
const finish = async (fakeStore: FakeStore, arrivals: readonly Arrived[]) => {
  for (const arrived of arrivals) await fakeStore.register(arrived);
  for (let i = 0; i < 12; i += 1) {
    fakeStore.pass();
    await fakeStore.createRuns();
    await fakeStore.endRuns();
  }
};

test("each file's newest version ends in one run, with late, repeated, faulty and concurrent calls", async () => {
  const given = fc.tuple(puts, fc.scheduler(), fc.array(plan, { minLength: 5, maxLength: 9 }));
  const property = fc.asyncProperty(given, async ([files, s, plans]) => {
    const fakeStore = new FakeStore();
    const arrivals = [...files.flat(), SONGS];
    await allAtOnce(fakeStore, s, arrivals, plans);
    await finish(fakeStore, arrivals);
    for (const [i, key] of KEYS.entries()) {
      const newest = await fakeStore.newestOf(key);
      expect(newest).toMatchObject({ state: 'running', etag: files[i]?.at(-1)?.arrival.etag });
      const runId = newest?.run_id ?? '';
      expect([...fakeStore.endedRuns]).toContain(runId);
      const listed = (await fakeStore.run(runId))?.files.filter((f) => f.key === key && f.version === newest?.version);
      expect(listed).toHaveLength(1);
    }
    const runs = await Promise.all([...fakeStore.endedRuns].map((runId) => fakeStore.run(runId)));
    expect(runs.some((run) => run?.reference_changed)).toBe(true);
    expect(await fakeStore.documents.list(PENDING_PREFIX)).toEqual([]);
  });
  await fc.assert(property, { numRuns: 300 });
}, 60_000);
