import {
  type BackfillDocument,
  changesKey,
  RunDocument,
  resultKey,
  runKey,
  StageDocument,
  StageRequested,
  stageKey,
} from '@music-etl/contracts';
import type { memoryDocuments } from '@music-etl/stage/memory-documents';
import fc from 'fast-check';
import { readDocument } from '../shared/documents.ts';
import type { OperationDeps } from '../shared/operation-ports.ts';
import { aStage, RUN } from '../testing/builders.ts';
import { MemoryObjects } from '../testing/fakes.ts';
import {
  aClock,
  aDate,
  aDocumentStore,
  aReference,
  backfillsOf,
  operationDeps,
  SNAPSHOT,
} from '../testing/operations.ts';
import { driveBackfill } from './drive.ts';
import { type BackfillRequest, parseBackfill } from './plan.ts';
import { planBackfill, recordBackfill } from './start.ts';

const STAGES = ['kpi', 'load', 'archive'] as const;

/** A pipeline that takes one message and lets every run come one step further whenever somebody sleeps. */
class FakePipeline {
  readonly queue: string[] = [];
  readonly taken: string[] = [];
  mostUnderWay = 0;
  dead: { stage: 'kpi' | 'load' | 'archive'; dates: string } | null = null;

  readonly #objects: MemoryObjects;

  constructor(readonly documents: ReturnType<typeof memoryDocuments>) {
    this.#objects = new MemoryObjects(documents);
  }

  async #write(runId: string, stage: StageDocument['stage'], over: Partial<StageDocument>): Promise<void> {
    await this.documents.mark(stageKey(runId, stage), aStage(stage, { run_id: runId, ...over }));
  }

  async step(): Promise<void> {
    for (const runId of this.taken) await this.#advance(runId);
    const next = this.queue.shift();
    // A message that comes again finds the claim.
    if (next !== undefined && !this.taken.includes(next)) {
      this.taken.push(next);
      await this.#write(next, 'kpi', { state: 'started' });
    }
    const runs = Object.keys(this.documents.snapshot()).filter((key) => key.endsWith('/run.json')).length;
    const closed = Object.entries(this.documents.snapshot()).filter(
      ([key, value]) => key.endsWith('/archive/stage.json') && JSON.stringify(value).includes('"closed"'),
    ).length;
    this.mostUnderWay = Math.max(this.mostUnderWay, runs - closed);
  }

  async #advance(runId: string): Promise<void> {
    const states = await Promise.all(
      STAGES.map((stage) => readDocument(this.#objects, stageKey(runId, stage), StageDocument)),
    );
    const at = states.findIndex((found) => found?.state !== 'closed');
    const stage = STAGES[at];
    if (stage === undefined) return;
    const dates = (await readDocument(this.#objects, runKey(runId), RunDocument))?.dates ?? [];
    if (this.dead?.stage === stage && dates.join() === this.dead.dates) {
      const over = { state: 'dead', error: 'failed 3 times: out of memory', job_run_id: 'jr_9' } as const;
      return this.#write(runId, stage, over);
    }
    if (stage === 'load') await this.#commitLoad(runId, dates);
    await this.#write(runId, stage, { state: 'closed' });
    const next = STAGES[at + 1];
    if (next) await this.#write(runId, next, { state: 'started' });
  }

  async #commitLoad(runId: string, dates: readonly string[]): Promise<void> {
    const loaded = dates.map((date) => ({ date, generation: 9, written: 10, removed: 1, superseded: 0 }));
    const head = { schema_version: 1, run_id: runId, attempt: 1, committed_at: aStage('load').claimed_at };
    await this.documents.mark(resultKey(runId, 'load'), { ...head, dates: loaded });
  }
}

const DATES = ['2018-11-01', '2018-11-02', '2018-11-03', '2018-11-04', '2018-11-05'];
const asked = (over: Partial<BackfillRequest> = {}): BackfillRequest => ({
  ...parseBackfill({ from: '2018-11-01', to: '2018-11-30', datesPerRun: '2', suffix: '-test', why: 'new songs' }),
  ...over,
});

const aWorld = async (documents?: ReturnType<typeof memoryDocuments>) => {
  const store =
    documents ??
    (await aDocumentStore(
      DATES.map((date) => aDate(date)),
      [],
    ));
  const pipeline = new FakePipeline(store);
  const objects = new MemoryObjects(store);
  const deps = operationDeps(store, { clock: aClock(() => pipeline.step()), objects });
  const send: OperationDeps['send'] = async (queue, message) => {
    await deps.sent.push({ queue, message });
    pipeline.queue.push(StageRequested.parse(message).run_id);
  };
  return { store, pipeline, objects, deps: { ...deps, send }, sent: deps.sent, screen: deps.screen };
};

const backfill = async (deps: OperationDeps, request = asked()) => {
  const plan = await planBackfill(deps, request);
  await recordBackfill(deps, plan);
  return { plan, summary: await driveBackfill(deps, plan.document, request) };
};

const runsOf = (snapshot: Record<string, unknown>) =>
  Object.entries(snapshot).flatMap(([key, value]) => (key.endsWith('/run.json') ? [RunDocument.parse(value)] : []));

test('sends every run to kpi, never more than may be under way, and says what came of them', async () => {
  const { store, pipeline, sent, deps } = await aWorld();
  const { summary } = await backfill(deps);
  expect(pipeline.mostUnderWay).toBe(2);
  expect(sent.map(({ queue }) => queue)).toEqual(Array(3).fill('music-streaming-kpi-test'));
  const runs = runsOf(store.snapshot());
  expect(runs.map(({ dates }) => dates)).toEqual([DATES.slice(0, 2), DATES.slice(2, 4), DATES.slice(4)]);
  expect(runs[0]).toMatchObject({ files: [], reference_version: SNAPSHOT, why: 'new songs', reference_changed: false });
  expect(summary).toMatchObject({ dates: 5, written: 50, removed: 5, changed: 0, runs: 3 });
  expect(backfillsOf(store.snapshot())).toEqual([expect.objectContaining({ completed_at: expect.any(String) })]);
});

test('a run is dated by its beginning, not by the plan that named it', async () => {
  const { store, deps } = await aWorld();
  const { plan } = await backfill(deps);
  const dated = new Map(runsOf(store.snapshot()).map(({ run_id, created_at }) => [run_id, created_at]));
  const [first, , last] = plan.document.runs.map(({ run_id }) => dated.get(run_id) ?? '');
  expect(first).toBe(plan.document.created_at);
  expect(Date.parse(last ?? '')).toBeGreaterThan(Date.parse(plan.document.created_at));
});

test('marks a run active for kpi before its message is sent, so that the reconciler finds what a crash left', async () => {
  const { store, deps } = await aWorld();
  const send = async (): Promise<never> => {
    throw new Error('SQS is away');
  };
  await expect(backfill({ ...deps, send })).rejects.toThrow('SQS is away');
  const [run] = runsOf(store.snapshot());
  expect(Object.keys(store.snapshot())).toContain(`processed/active/kpi/${run?.run_id}.json`);
});

test('counts the numbers that its own generations changed', async () => {
  const { store, objects, deps } = await aWorld();
  const request = asked({ datesPerRun: 5 });
  const plan = await planBackfill(deps, request);
  await recordBackfill(deps, plan);
  const [run] = plan.document.runs;
  const head = (date: string, run_id: string | undefined, changes: number) => ({
    kind: 'head',
    schema_version: 1,
    date,
    run_id,
    generation: 9,
    previous_generation: 3,
    reference_version: SNAPSHOT,
    previous_reference_version: SNAPSHOT,
    recorded_at: '2026-11-24T08:00:00.000Z',
    files: [],
    changes,
  });
  objects.setLines(changesKey('2018-11-01', 9), [head('2018-11-01', run?.run_id, 4)]);
  objects.setLines(changesKey('2018-11-02', 9), [head('2018-11-02', RUN, 100)]);
  expect(await driveBackfill(deps, plan.document, request)).toMatchObject({ changed: 4 });
  expect(backfillsOf(store.snapshot())).toHaveLength(1);
});

test('a stage that was given up stops the sending; after a redrive the same command goes on to the end', async () => {
  const { store, pipeline, sent, deps, screen } = await aWorld();
  pipeline.dead = { stage: 'load', dates: '2018-11-01,2018-11-02' };
  await expect(backfill(deps, asked({ concurrency: 1 }))).rejects.toMatchObject({
    message: expect.stringMatching(
      /^load of 2018-11-01 … 2018-11-02 \(run .*\) was given up \(Glue run jr_9\): failed 3 times/,
    ),
    todo: 'put right what the error names, then npx music-etl redrive load --suffix=-test, then npx music-etl backfill --from 2018-11-01 --to 2018-11-30 --suffix=-test, which goes on',
    exitCode: 1,
  });
  expect(sent).toHaveLength(1);
  pipeline.dead = null;
  const { plan, summary } = await backfill(deps);
  expect([plan.resumed, summary.dates, summary.runs]).toEqual([true, 5, 3]);
  expect(backfillsOf(store.snapshot())).toHaveLength(1);
  expect(screen.lines.filter((line) => line.includes('1/3'))).toHaveLength(1);
});

test('a finished backfill, one of other dates and one by another snapshot are not gone on with; shared dates are said', async () => {
  const { store, deps } = await aWorld();
  await backfill(deps);
  expect((await planBackfill(deps, asked())).resumed).toBe(false);
  const begun = await planBackfill(deps, asked());
  await recordBackfill(deps, begun);
  const other = await planBackfill(deps, asked({ to: '2018-11-02' }));
  expect([other.resumed, other.others.map(({ backfill_id }) => backfill_id)]).toEqual([
    false,
    [begun.document.backfill_id],
  ]);
  expect((await planBackfill(deps, asked({ from: '2018-11-01' }))).resumed).toBe(true);
  await store.mark('processed/reference.json', aReference('20261124T100000000-0a0b0c0d'));
  expect((await planBackfill(deps, asked())).resumed).toBe(false);
});

/** The store, which fails once, before or after the effect of its n-th write. */
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

test('killed at any write and begun again: every date computed by one run, none created twice, the bound kept', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ write: fc.integer({ min: 1, max: 14 }), after: fc.boolean() }), { maxLength: 3 }),
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 1, max: 3 }),
      async (kills, concurrency, datesPerRun) => {
        const { store, pipeline, deps } = await aWorld();
        const request = asked({ concurrency, datesPerRun });
        for (const { write, after } of kills) {
          await backfill({ ...deps, documents: failing(store, write, after) }, request).catch((error: unknown) => {
            expect(String(error)).toContain('killed');
          });
        }
        // Begun again after its very end it would begin anew, as a person means it.
        const done: BackfillDocument[] = backfillsOf(store.snapshot()).filter(({ completed_at }) => completed_at);
        if (done.length === 0) await backfill(deps, request);
        const runs = runsOf(store.snapshot());
        const ofFirst = backfillsOf(store.snapshot())[0];
        const own = runs.filter(({ run_id }) => ofFirst?.runs.some((run) => run.run_id === run_id));
        expect(own.flatMap(({ dates }) => dates).sort()).toEqual(DATES);
        expect(pipeline.mostUnderWay).toBeLessThanOrEqual(concurrency);
      },
    ),
    { numRuns: 60 },
  );
});
