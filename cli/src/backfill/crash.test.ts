import fc from 'fast-check';
import type { OperationDeps } from '../shared/operations.ts';
import { backfillsOf } from '../testing/operations.ts';
import { aBackfillWorld, aRequest, backfill, DATES, runsIn } from './fake-world.ts';

/** Wraps a store so that its n-th write fails, before or after its effect. */
const failing = (documents: OperationDeps['documents'], n: number, after: boolean): OperationDeps['documents'] => {
  let writes = 0;
  const once = async <T>(write: () => Promise<T>): Promise<T> => {
    writes += 1;
    if (writes !== n) return write();
    if (after) await write();
    throw new Error('killed');
  };
  return {
    ...documents,
    create: (key, value) => once(() => documents.create(key, value)),
    replace: (key, value, etag) => once(() => documents.replace(key, value, etag)),
    mark: (key, value) => once(() => documents.mark(key, value)),
  };
};

test('killed at any write and started again, every date is computed by one run, within the bound', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ write: fc.integer({ min: 1, max: 14 }), after: fc.boolean() }), { maxLength: 3 }),
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 1, max: 3 }),
      async (kills, concurrency, datesPerRun) => {
        const { store, pipeline, deps } = await aBackfillWorld();
        const request = aRequest({ concurrency, datesPerRun });
        for (const { write, after } of kills) {
          await backfill({ ...deps, documents: failing(store, write, after) }, request).catch((error: unknown) => {
            expect(String(error)).toContain('killed');
          });
        }
        // Started again after its end, it would be a new backfill.
        const done = backfillsOf(store.snapshot()).filter(({ completed_at }) => completed_at);
        if (done.length === 0) await backfill(deps, request);
        const runs = runsIn(store.snapshot());
        const first = backfillsOf(store.snapshot())[0];
        const own = runs.filter(({ run_id }) => first?.runs.some((run) => run.run_id === run_id));
        expect(own.flatMap(({ dates }) => dates).sort()).toEqual(DATES);
        expect(pipeline.mostActive).toBeLessThanOrEqual(concurrency);
      },
    ),
    { numRuns: 60 },
  );
});
