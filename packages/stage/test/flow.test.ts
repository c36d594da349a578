import { activeKey, resultKey, stageKey } from '@music-etl/contracts';
import { aMessage, aStage, aStageRequest, later, OTHER_RUN, RUN } from '@music-etl/testing';
import { aFakeStage } from '@music-etl/testing/fake-stage';
import { complete } from '../src/app/complete.ts';
import { reconcile } from '../src/app/reconcile.ts';
import { readStage } from '../src/app/stage.ts';
import { start } from '../src/app/start.ts';

const stageOf = async (deps: Parameters<typeof readStage>[0]) => (await readStage(deps, RUN))?.value;

test('a run goes from its message to the next one, and its active marker is removed', async () => {
  const { deps, documents, jobs, sent } = aFakeStage();
  await start(deps, aStageRequest());
  expect(jobs.runs).toMatchObject([{ runId: RUN, attempt: 1 }]);
  expect(await documents.list('processed/active/')).toEqual([activeKey(RUN, 'validate')]);
  await documents.create(resultKey(RUN, 'validate'), {});
  jobs.end('jr_1', 'SUCCEEDED');
  await complete(deps, 'jr_1');
  await complete(deps, 'jr_1');
  expect(sent).toEqual([{ kind: 'run_completed', run_id: RUN }]);
  expect(await stageOf(deps)).toMatchObject({ state: 'closed', sent: true });
  expect(await documents.list('processed/active/')).toEqual([]);
});

test('a repeated message starts nothing', async () => {
  const { deps, jobs, lines } = aFakeStage();
  await start(deps, aStageRequest());
  await start(deps, aStageRequest());
  expect(jobs.runs).toHaveLength(1);
  expect(lines.map(({ message }) => message)).toContain('nothing to start');
});

test('two concurrent starts begin one Glue run', async () => {
  const { deps, jobs } = aFakeStage();
  await Promise.all([start(deps, aStageRequest()), start(deps, aStageRequest())]);
  expect(jobs.runs).toHaveLength(1);
});

test('a start that fails at Glue releases its claim and throws', async () => {
  const { deps, jobs } = aFakeStage();
  jobs.answer = new Error('Glue is not available');
  await expect(start(deps, aStageRequest())).rejects.toThrow('Glue is not available');
  jobs.answer = null;
  await start(deps, aStageRequest());
  expect(await stageOf(deps)).toMatchObject({ state: 'started', attempt: 2 });
});

test('a start while Glue is at capacity defers the message and counts no failure', async () => {
  const { deps, jobs, sent } = aFakeStage();
  jobs.answer = { atCapacity: 'ConcurrentRunsExceededException' };
  await start(deps, aStageRequest());
  expect(sent).toEqual([{ kind: 'request', message: aMessage(), delay_seconds: expect.any(Number) }]);
  expect(await stageOf(deps)).toMatchObject({ state: 'deferred', failures: 0, sent: true });
});

test('a takeover adopts the Glue run that a start began before it died', async () => {
  const { deps, documents, jobs } = aFakeStage();
  await jobs.start(RUN, 1);
  await documents.create(stageKey(RUN, 'validate'), aStage({ lease_expires_at: later(-1).toISOString() }));
  await start(deps, aStageRequest());
  expect(jobs.runs).toHaveLength(1);
  expect(await stageOf(deps)).toMatchObject({ state: 'started', job_run_id: 'jr_1' });
});

test('an event for a Glue run that has not ended changes nothing', async () => {
  const { deps } = aFakeStage();
  await start(deps, aStageRequest());
  await complete(deps, 'jr_1');
  expect(await stageOf(deps)).toMatchObject({ state: 'started' });
});

test('the reconciler closes a silent run only after the time of silence', async () => {
  const { deps, documents, jobs, sent, clock } = aFakeStage();
  await start(deps, aStageRequest());
  await documents.create(resultKey(RUN, 'validate'), {});
  jobs.end('jr_1', 'SUCCEEDED');
  clock.now = later(119);
  await reconcile(deps);
  expect(sent).toEqual([]);
  clock.now = later(120);
  await reconcile(deps);
  expect(sent).toHaveLength(1);
});

test('the reconciler counts a Glue run that Glue no longer knows as failed', async () => {
  const { deps, jobs, clock } = aFakeStage();
  await start(deps, aStageRequest());
  jobs.runs.length = 0;
  clock.now = later(120);
  await reconcile(deps);
  expect(await stageOf(deps)).toMatchObject({ state: 'retrying', error: 'Glue no longer knows this run' });
});

test('the reconciler requests a run without a claim again', async () => {
  const { deps, documents, sent } = aFakeStage();
  await documents.mark(activeKey(RUN, 'validate'), { run_id: RUN });
  await reconcile(deps);
  expect(sent).toMatchObject([
    { kind: 'request', delay_seconds: 0, message: { type: 'validate.requested', run_id: RUN } },
  ]);
});

test('an error of one run does not stop the reconciliation of the others', async () => {
  const { deps, documents, sent } = aFakeStage();
  await documents.mark(activeKey(OTHER_RUN, 'validate'), {});
  await documents.mark(stageKey(OTHER_RUN, 'validate'), { not: 'a stage' });
  await documents.mark(activeKey(RUN, 'validate'), {});
  await expect(reconcile(deps)).rejects.toThrow('1 of 2 runs failed to reconcile');
  expect(sent).toHaveLength(1);
});
