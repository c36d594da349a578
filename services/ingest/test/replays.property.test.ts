import { fileId, fileKey, REPLAYS_PREFIX } from '@music-etl/contracts';
import { aFileAt, aReplay, aVersion } from '@music-etl/testing';
import type { Plan } from '@music-etl/testing/faults';
import fc, { type Scheduler } from 'fast-check';
import { aPlan } from './support/arbitrary-plans.ts';
import { FakeStore } from './support/fake-store.ts';

const KEYS = ['streams/a.csv', 'streams/b.csv'];

interface Request {
  readonly key: string;
  readonly cause: string;
}

const requests: fc.Arbitrary<Request[]> = fc.array(
  fc.record({ key: fc.constantFrom(...KEYS), cause: fc.constantFrom('snapshot:r2', 'request:1', 'erasure:1') }),
  { minLength: 1, maxLength: 6 },
);

const plan = aPlan(22);

const aFakeStore = async (): Promise<FakeStore> => {
  const fakeStore = new FakeStore();
  for (const key of KEYS) {
    const archived = aVersion({ state: 'archived', archived_to: `archived/x/${key}` });
    await fakeStore.documents.create(fileKey(fileId(key)), aFileAt(key, archived));
  }
  return fakeStore;
};

/** Requests replays and creates runs concurrently. The scheduler picks the order of all calls; some have faults. */
const allAtOnce = async (
  fakeStore: FakeStore,
  s: Scheduler,
  requested: readonly Request[],
  plans: readonly (Plan | null)[],
) => {
  const turn = () => s.schedule(Promise.resolve());
  const requesting = requested.map(({ key, cause }) =>
    turn().then(() => fakeStore.requestReplay(key, aReplay({ cause }))),
  );
  const creating = plans.map((one) => turn().then(() => fakeStore.createRuns(one, turn)));
  const ending = [0, 1].map(() => turn().then(() => fakeStore.archiveRuns()));
  const passing = turn().then(() => fakeStore.pass());
  await s.waitFor(Promise.allSettled([...requesting, ...creating, ...ending, passing]));
};

test('a version is reprocessed once per cause, in a created run, with faulty and concurrent calls', async () => {
  const given = fc.tuple(requests, fc.scheduler(), fc.array(plan, { minLength: 2, maxLength: 5 }));
  const property = fc.asyncProperty(given, async ([requested, s, plans]) => {
    const fakeStore = await aFakeStore();
    await allAtOnce(fakeStore, s, requested, plans);
    for (let i = 0; i < 12; i += 1) {
      fakeStore.pass();
      await fakeStore.createRuns();
      await fakeStore.archiveRuns();
    }
    expect(await fakeStore.documents.list(REPLAYS_PREFIX)).toEqual([]);
    for (const key of KEYS) {
      const versions = (await fakeStore.fileOf(key))?.versions ?? [];
      const causes = requested.filter((request) => request.key === key).map(({ cause }) => cause);
      expect(
        versions
          .slice(1)
          .map(({ replay }) => replay?.cause)
          .sort(),
      ).toEqual([...new Set(causes)].sort());
      expect(versions.map(({ version }) => version)).toEqual(versions.map((_, i) => i + 1));
      for (const { version, state, run_id, replay } of versions.slice(1)) {
        expect([state, replay?.of]).toEqual(['archived', version - 1]);
        const listed = (await fakeStore.run(run_id ?? ''))?.files.filter((file) => file.key === key);
        expect(listed).toMatchObject([{ version, raw: { key: `archived/x/${key}` } }]);
      }
    }
  });
  await fc.assert(property, { numRuns: 300 });
}, 60_000);
