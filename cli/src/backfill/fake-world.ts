import { RunDocument, StageRequested } from '@music-etl/contracts';
import type { OperationDeps } from '../shared/operations.ts';
import { MemoryObjects } from '../testing/fakes.ts';
import { aClock, aDate, aDocumentStore, operationDeps } from '../testing/operations.ts';
import { driveBackfill } from './drive.ts';
import { FakePipeline } from './fake-pipeline.ts';
import { type BackfillRequest, parseBackfill } from './options.ts';
import { planBackfill } from './plan.ts';
import { recordBackfill } from './record.ts';

export const DATES = ['2018-11-01', '2018-11-02', '2018-11-03', '2018-11-04', '2018-11-05'];

/** Builds the request of a backfill of November, two dates a run. */
export const aRequest = (over: Partial<BackfillRequest> = {}): BackfillRequest => ({
  ...parseBackfill({ from: '2018-11-01', to: '2018-11-30', datesPerRun: '2', suffix: '-test', why: 'new songs' }),
  ...over,
});

/** Builds a bucket in which DATES are published, and a pipeline that works on it. */
export const aBackfillWorld = async () => {
  const store = await aDocumentStore(
    DATES.map((date) => aDate(date)),
    [],
  );
  const objects = new MemoryObjects(store);
  const pipeline = new FakePipeline(store, objects);
  const deps = operationDeps(store, { clock: aClock(() => pipeline.step()), objects });
  const send: OperationDeps['send'] = async (queue, message) => {
    deps.sent.push({ queue, message });
    pipeline.queue.push(StageRequested.parse(message).run_id);
  };
  return { store, pipeline, objects, deps: { ...deps, send }, sent: deps.sent, screen: deps.screen };
};

/** Plans, records and drives a backfill, as the command does. */
export const backfill = async (deps: OperationDeps, request = aRequest()) => {
  const plan = await planBackfill(deps, request);
  await recordBackfill(deps, plan);
  return { plan, summary: await driveBackfill(deps, plan.document, request) };
};

/** Reads the documents of all runs in a bucket. */
export const runsIn = (snapshot: Record<string, unknown>): RunDocument[] =>
  Object.entries(snapshot).flatMap(([key, value]) => (key.endsWith('/run.json') ? [RunDocument.parse(value)] : []));
