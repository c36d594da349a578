import { FileDocument, fileId, fileKey, REPLAYS_PREFIX } from '@music-etl/contracts';
import type { Plan } from '@music-etl/stage/test/model/faults';
import fc, { type Scheduler } from 'fast-check';
import { FakeStore } from './support/fake-store.ts';
import { aFile, aReplay, aVersion } from './support/records.ts';

const KEYS = ['streams/a.csv', 'streams/b.csv'];

interface Ask {
  readonly key: string;
  readonly cause: string;
}

const asks: fc.Arbitrary<Ask[]> = fc.array(
  fc.record({ key: fc.constantFrom(...KEYS), cause: fc.constantFrom('snapshot:r2', 'request:1', 'erasure:1') }),
  { minLength: 1, maxLength: 6 },
);

const plan: fc.Arbitrary<Plan | null> = fc.option(
  fc.record({
    at: fc.integer({ min: 1, max: 22 }),
    fault: fc.constantFrom({ kind: 'dies' } as const, { kind: 'fails' } as const, { kind: 'answer lost' } as const),
  }),
);

const versionsOf = async (fakeStore: FakeStore, key: string) =>
  (await fakeStore.documents.read(fileKey(fileId(key)), (value) => FileDocument.parse(value)))?.value.versions ?? [];

const aFakeStore = async (): Promise<FakeStore> => {
  const fakeStore = new FakeStore();
  for (const key of KEYS) {
    const archived = aVersion({ state: 'archived', archived_to: `archived/x/${key}` });
    await fakeStore.documents.create(fileKey(fileId(key)), { ...aFile(archived), key, file_id: fileId(key) });
  }
  return fakeStore;
};

/** Asks and forms, all at once, each call of each in an order that the scheduler picks; some of the forming breaks. */
const allAtOnce = async (
  fakeStore: FakeStore,
  s: Scheduler,
  asked: readonly Ask[],
  plans: readonly (Plan | null)[],
) => {
  const turn = () => s.schedule(Promise.resolve());
  const asking = asked.map(({ key, cause }) => turn().then(() => fakeStore.ask(key, aReplay({ cause }))));
  const forming = plans.map((one) => turn().then(() => fakeStore.form(one, turn)));
  const ending = [0, 1].map(() => turn().then(() => fakeStore.validateRuns()));
  const passing = turn().then(() => fakeStore.pass());
  await s.waitFor(Promise.allSettled([...asking, ...forming, ...ending, passing]));
};

test('what is asked for is reprocessed once for each cause, in a living run, whatever breaks or happens at once', async () => {
  const given = fc.tuple(asks, fc.scheduler(), fc.array(plan, { minLength: 2, maxLength: 5 }));
  const property = fc.asyncProperty(given, async ([asked, s, plans]) => {
    const fakeStore = await aFakeStore();
    await allAtOnce(fakeStore, s, asked, plans);
    for (let i = 0; i < 12; i += 1) {
      fakeStore.pass();
      await fakeStore.form();
      await fakeStore.validateRuns();
    }
    expect(await fakeStore.documents.list(REPLAYS_PREFIX)).toEqual([]);
    for (const key of KEYS) {
      const versions = await versionsOf(fakeStore, key);
      const causes = asked.filter((ask) => ask.key === key).map(({ cause }) => cause);
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
