import { activeKey, resultKey, runKey, stageKey } from '@music-etl/contracts';
import { aRunDocument, aStage, aStageRequest, aStartedStage, later, OTHER_RUN, RUN } from '@music-etl/testing';
import { aFakeStage, validateStage } from '@music-etl/testing/fake-stage';
import { complete } from '../src/app/complete.ts';
import { reconcile } from '../src/app/reconcile.ts';
import { start } from '../src/app/start.ts';
import type { StageDefinition } from '../src/domain/definition.ts';

const of = { correlation_id: RUN };

/** A stage whose Glue run has ended. */
const ended = async (state: string, changes: Parameters<typeof aFakeStage>[0] = {}) => {
  const world = aFakeStage(changes);
  await start(world.deps, aStageRequest());
  world.jobs.end('jr_1', state);
  return world;
};

test('a stage that closes is measured once, however often its event comes', async () => {
  const { deps, documents, measured } = await ended('SUCCEEDED');
  await documents.create(resultKey(RUN, 'validate'), {});
  for (let i = 0; i < 3; i += 1) await complete(deps, 'jr_1');
  expect(measured).toEqual([
    { name: 'StageSeconds', value: 297.877, of },
    { name: 'FilesHeld', value: 1, of },
  ]);
});

test('two concurrent completions measure once', async () => {
  const { deps, documents, measured } = await ended('SUCCEEDED');
  await documents.create(resultKey(RUN, 'validate'), {});
  await Promise.all([complete(deps, 'jr_1'), complete(deps, 'jr_1')]);
  expect(measured.filter(({ name }) => name === 'FilesHeld')).toHaveLength(1);
});

test('attempts beyond the first are counted when the stage closes', async () => {
  const { deps, documents, jobs, measured } = aFakeStage();
  await documents.create(stageKey(RUN, 'validate'), aStartedStage({ attempt: 3 }));
  await documents.create(resultKey(RUN, 'validate'), {});
  await jobs.start(RUN, 3);
  jobs.end('jr_1', 'SUCCEEDED');
  await complete(deps, 'jr_1');
  expect(measured).toContainEqual({ name: 'ExtraAttempts', value: 2, of });
});

test('each Glue run without a result counts as a failure, and the last one as a dead-letter message', async () => {
  const { deps, jobs, measured } = aFakeStage();
  for (const id of ['jr_1', 'jr_2', 'jr_3']) {
    await start(deps, aStageRequest());
    jobs.end(id, 'FAILED', 'boom');
    await complete(deps, id);
    await complete(deps, id);
  }
  const names = ['JobFailures', 'JobFailures', 'JobFailures', 'DeadLetters'];
  expect(measured).toEqual(names.map((name) => ({ name, value: 1, of })));
});

test('being at capacity counts as a deferral, and after too long as a dead-letter message', async () => {
  const { deps, jobs, measured, clock } = aFakeStage();
  jobs.answer = { atCapacity: 'ConcurrentRunsExceededException' };
  await start(deps, aStageRequest());
  clock.now = later(3601);
  await start(deps, aStageRequest());
  expect(measured).toEqual(['Deferrals', 'DeadLetters'].map((name) => ({ name, value: 1, of })));
});

test('an error of measuring is logged and does not stop the run', async () => {
  const measure = () => {
    throw new Error('no number');
  };
  const { deps, documents, sent, lines } = await ended('SUCCEEDED', { definition: { ...validateStage, measure } });
  await documents.create(resultKey(RUN, 'validate'), {});
  await complete(deps, 'jr_1');
  expect(sent).toHaveLength(1);
  expect(lines.map(({ message }) => message)).toContain('the end of the stage could not be measured');
});

test("a stage that reads the run's document measures with it", async () => {
  const run = aRunDocument();
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

test('the reconciler measures the number of active runs and how long the oldest made no progress', async () => {
  const { deps, documents, measured, clock } = aFakeStage();
  await documents.mark(activeKey(RUN, 'validate'), {});
  await documents.create(stageKey(RUN, 'validate'), aStartedStage({ job_run_id: null }));
  await documents.mark(activeKey(OTHER_RUN, 'validate'), {});
  await documents.create(stageKey(OTHER_RUN, 'validate'), aStage({ claimed_at: later(-30).toISOString() }));
  clock.now = later(10);
  await reconcile(deps);
  expect(measured).toEqual(gauges(2, 40));
});

test('a run that is deferred repeatedly has made no progress since the first deferral', async () => {
  const { deps, documents, measured } = aFakeStage();
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

test('a dead run is not active, and without active runs the age is 0', async () => {
  const { deps, documents, measured } = aFakeStage();
  await documents.mark(activeKey(RUN, 'validate'), {});
  await documents.create(stageKey(RUN, 'validate'), aStage({ state: 'dead' }));
  await reconcile(deps);
  expect(measured).toEqual(gauges(0, 0));
});

test('a run with an unreadable claim counts from its creation, and is measured though reconcile throws', async () => {
  const { deps, documents, measured } = aFakeStage();
  await documents.mark(activeKey(OTHER_RUN, 'validate'), {});
  await documents.mark(stageKey(OTHER_RUN, 'validate'), { not: 'a stage' });
  await expect(reconcile(deps)).rejects.toThrow();
  expect(measured).toEqual(gauges(1, 297.877));
});
