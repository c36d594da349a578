import { activeKey, resultKey, runKey, stageKey } from '@music-etl/contracts';
import { complete } from '../src/app/complete.ts';
import { reconcile } from '../src/app/reconcile.ts';
import type { StageDefinition } from '../src/app/stage.ts';
import { start } from '../src/app/start.ts';
import { aWorld, validateStage } from './support/fakes.ts';
import { aMessage, aStage, aStartedStage, later, RUN } from './support/records.ts';

const OTHER = '20261123T100502123-00000000';
const of = { correlation_id: RUN };

/** A stage whose Glue run has ended. */
const ended = async (state: string, changes: Parameters<typeof aWorld>[0] = {}) => {
  const world = aWorld(changes);
  await start(world.deps, aMessage());
  world.jobs.end('jr_1', state);
  return world;
};

test('a stage that closes is measured once, however often its end is told', async () => {
  const { deps, documents, measured } = await ended('SUCCEEDED');
  await documents.create(resultKey(RUN, 'validate'), {});
  for (let i = 0; i < 3; i += 1) await complete(deps, 'jr_1');
  expect(measured).toEqual([
    { name: 'StageSeconds', value: 297.877, of },
    { name: 'FilesHeld', value: 1, of },
  ]);
});

test('two that complete at once measure once', async () => {
  const { deps, documents, measured } = await ended('SUCCEEDED');
  await documents.create(resultKey(RUN, 'validate'), {});
  await Promise.all([complete(deps, 'jr_1'), complete(deps, 'jr_1')]);
  expect(measured.filter(({ name }) => name === 'FilesHeld')).toHaveLength(1);
});

test('attempts beyond the first are counted when the stage closes', async () => {
  const { deps, documents, jobs, measured } = aWorld();
  await documents.create(stageKey(RUN, 'validate'), aStartedStage({ attempt: 3 }));
  await documents.create(resultKey(RUN, 'validate'), {});
  await jobs.start(RUN, 3);
  jobs.end('jr_1', 'SUCCEEDED');
  await complete(deps, 'jr_1');
  expect(measured).toContainEqual({ name: 'ExtraAttempts', value: 2, of });
});

test('every Glue run that ends without a result is a failure, and the last one a dead letter', async () => {
  const { deps, jobs, measured } = aWorld();
  for (const id of ['jr_1', 'jr_2', 'jr_3']) {
    await start(deps, aMessage());
    jobs.end(id, 'FAILED', 'boom');
    await complete(deps, id);
    await complete(deps, id);
  }
  const names = ['JobFailures', 'JobFailures', 'JobFailures', 'DeadLetters'];
  expect(measured).toEqual(names.map((name) => ({ name, value: 1, of })));
});

test('a at capacity is a deferral, and a dead letter when it has been full too long', async () => {
  const { deps, jobs, measured, clock } = aWorld();
  jobs.answer = { full: 'ConcurrentRunsExceededException' };
  await start(deps, aMessage());
  clock.now = later(3601);
  await start(deps, aMessage());
  expect(measured).toEqual(['Deferrals', 'DeadLetters'].map((name) => ({ name, value: 1, of })));
});

test('what cannot be measured is said, and keeps no run from going on', async () => {
  const measure = () => {
    throw new Error('no number');
  };
  const { deps, documents, sent, said } = await ended('SUCCEEDED', { definition: { ...validateStage, measure } });
  await documents.create(resultKey(RUN, 'validate'), {});
  await complete(deps, 'jr_1');
  expect(sent).toHaveLength(1);
  expect(said).toContain('the end of the stage could not be measured');
});

test("a stage that reads the run's document measures with it", async () => {
  const run = {
    schema_version: 1,
    run_id: RUN,
    created_at: '2026-11-23T10:05:02.123Z',
    files: [],
    reference_changed: false,
  };
  const measure: StageDefinition['measure'] = (_, closed) => [
    { name: 'FilesHeld', value: closed.run?.created_at === run.created_at ? 7 : 0 },
  ];
  const { deps, documents, measured } = await ended('SUCCEEDED', {
    definition: { ...validateStage, measure, readsRun: true },
  });
  await documents.create(runKey(RUN), run);
  await documents.create(resultKey(RUN, 'validate'), {});
  await complete(deps, 'jr_1');
  expect(measured).toContainEqual({ name: 'FilesHeld', value: 7, of });
});

const gauges = (active: number, oldest: number) => [
  { name: 'ActiveRuns', value: active, of: {} },
  { name: 'OldestActiveRunSeconds', value: oldest, of: {} },
];

test('the reconciler measures how many runs are in hand and since when the oldest has not got on', async () => {
  const { deps, documents, measured, clock } = aWorld();
  await documents.mark(activeKey(RUN, 'validate'), {});
  await documents.create(stageKey(RUN, 'validate'), aStartedStage({ job_run_id: null }));
  await documents.mark(activeKey(OTHER, 'validate'), {});
  await documents.create(stageKey(OTHER, 'validate'), aStage({ claimed_at: later(-30).toISOString() }));
  clock.now = later(10);
  await reconcile(deps);
  expect(measured).toEqual(gauges(2, 40));
});

test('a run that is put off again and again has not got on since the first time', async () => {
  const { deps, documents, measured } = aWorld();
  await documents.mark(activeKey(RUN, 'validate'), {});
  const put = aStage({
    state: 'deferred',
    deferred_since: later(-600).toISOString(),
    claimed_at: later(-5).toISOString(),
  });
  await documents.create(stageKey(RUN, 'validate'), put);
  await reconcile(deps);
  expect(measured).toEqual(gauges(1, 600));
});

test('a run that was given up is for a person and no longer in hand; without runs there is nothing old', async () => {
  const { deps, documents, measured } = aWorld();
  await documents.mark(activeKey(RUN, 'validate'), {});
  await documents.create(stageKey(RUN, 'validate'), aStage({ state: 'dead' }));
  await reconcile(deps);
  expect(measured).toEqual(gauges(0, 0));
});

test('a run whose claim cannot be read counts from the moment its id was made, and is measured though it throws', async () => {
  const { deps, documents, measured } = aWorld();
  await documents.mark(activeKey(OTHER, 'validate'), {});
  await documents.mark(stageKey(OTHER, 'validate'), { not: 'a stage' });
  await expect(reconcile(deps)).rejects.toThrow();
  expect(measured).toEqual(gauges(1, 297.877));
});
