import { activeKey, resultKey, stageKey } from '@music-etl/contracts';
import { complete } from '../src/app/complete.ts';
import { reconcile } from '../src/app/reconcile.ts';
import { readStage } from '../src/app/stage.ts';
import { start } from '../src/app/start.ts';
import { aWorld } from './support/fakes.ts';
import { aMessage, aStage, later, RUN } from './support/records.ts';

const stageOf = async (deps: Parameters<typeof readStage>[0]) => (await readStage(deps, RUN))?.value;

test('a run goes from its message to what follows, and leaves the list of active runs', async () => {
  const { deps, documents, jobs, sent } = aWorld();
  await start(deps, aMessage());
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
  const { deps, jobs, said } = aWorld();
  await start(deps, aMessage());
  await start(deps, aMessage());
  expect(jobs.runs).toHaveLength(1);
  expect(said).toContain('nothing to start');
});

test('two starts at once begin one Glue run', async () => {
  const { deps, jobs } = aWorld();
  await Promise.all([start(deps, aMessage()), start(deps, aMessage())]);
  expect(jobs.runs).toHaveLength(1);
});

test('a start that Glue failed releases its claim and throws, so that the message comes again', async () => {
  const { deps, jobs } = aWorld();
  jobs.answer = new Error('Glue is away');
  await expect(start(deps, aMessage())).rejects.toThrow('Glue is away');
  jobs.answer = null;
  await start(deps, aMessage());
  expect(await stageOf(deps)).toMatchObject({ state: 'started', attempt: 2 });
});

test('a at capacity sends the message back and is no failure', async () => {
  const { deps, jobs, sent } = aWorld();
  jobs.answer = { full: 'ConcurrentRunsExceededException' };
  await start(deps, aMessage());
  expect(sent).toEqual([{ kind: 'request', message: aMessage(), delay_seconds: expect.any(Number) }]);
  expect(await stageOf(deps)).toMatchObject({ state: 'deferred', failures: 0, sent: true });
});

test('a takeover adopts the Glue run that the dead start had begun', async () => {
  const { deps, documents, jobs } = aWorld();
  await jobs.start(RUN, 1);
  await documents.create(stageKey(RUN, 'validate'), aStage({ lease_expires_at: later(-1).toISOString() }));
  await start(deps, aMessage());
  expect(jobs.runs).toHaveLength(1);
  expect(await stageOf(deps)).toMatchObject({ state: 'started', job_run_id: 'jr_1' });
});

test('an end of which Glue says that it is none yet changes nothing', async () => {
  const { deps } = aWorld();
  await start(deps, aMessage());
  await complete(deps, 'jr_1');
  expect(await stageOf(deps)).toMatchObject({ state: 'started' });
});

test('the reconciler leaves a run alone until it was silent too long, then closes it as the event would have', async () => {
  const { deps, documents, jobs, sent, clock } = aWorld();
  await start(deps, aMessage());
  await documents.create(resultKey(RUN, 'validate'), {});
  jobs.end('jr_1', 'SUCCEEDED');
  clock.now = later(119);
  await reconcile(deps);
  expect(sent).toEqual([]);
  clock.now = later(120);
  await reconcile(deps);
  expect(sent).toHaveLength(1);
});

test('the reconciler counts a Glue run that Glue has forgotten as failed', async () => {
  const { deps, jobs, clock } = aWorld();
  await start(deps, aMessage());
  jobs.runs.length = 0;
  clock.now = later(120);
  await reconcile(deps);
  expect(await stageOf(deps)).toMatchObject({ state: 'retrying', error: 'Glue does not know this run any more' });
});

test('the reconciler asks again for a run that nobody claimed', async () => {
  const { deps, documents, sent } = aWorld();
  await documents.mark(activeKey(RUN, 'validate'), { run_id: RUN });
  await reconcile(deps);
  expect(sent).toMatchObject([
    { kind: 'request', delay_seconds: 0, message: { type: 'validate.requested', run_id: RUN } },
  ]);
});

test('the trouble of one run does not keep the reconciler from the others', async () => {
  const { deps, documents, sent } = aWorld();
  const broken = '20261123T100502123-00000000';
  await documents.mark(activeKey(broken, 'validate'), {});
  await documents.mark(stageKey(broken, 'validate'), { not: 'a stage' });
  await documents.mark(activeKey(RUN, 'validate'), {});
  await expect(reconcile(deps)).rejects.toThrow('1 of 2 runs could not be terminal');
  expect(sent).toHaveLength(1);
});
