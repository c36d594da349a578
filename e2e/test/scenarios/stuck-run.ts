import { BatchStopJobRunCommand, GetJobRunCommand } from '@aws-sdk/client-glue';
import { RunDocument, runKey, StageDocument, stageKey } from '@music-etl/contracts';
import { rewrite } from '../../src/alarm-triggers.ts';
import { untilAlarm, untilOk } from '../../src/alarms.ts';
import { deadLetter, redrive } from '../../src/messages.ts';
import { reaches, runOf, stageReaches } from '../../src/progress.ts';
import { put } from '../../src/put.ts';
import { reconcile } from '../../src/reconcile.ts';
import { stream } from '../../src/rows.ts';
import { scenario } from '../../src/scenario.ts';
import { failsAtFirst, jobName } from '../../src/stage-requests.ts';
import type { Put, World } from '../../src/world.ts';

const HOURS_MS = 2 * 3_600_000;
const hoursAgo = (): string => new Date(Date.now() - HOURS_MS).toISOString();

/** Makes a run two hours older: the claim of its stage and the arrival of its files. */
const age = async (world: World, runId: string): Promise<void> => {
  await rewrite(world, stageKey(runId, 'load'), StageDocument, (stage) => ({ ...stage, claimed_at: hoursAgo() }));
  await rewrite(world, runKey(runId), RunDocument, (run) => ({
    ...run,
    files: run.files.map((file) => ({ ...file, arrived_at: hoursAgo() })),
  }));
};

/** A part of the alarms' scenario: a run whose load job does not go on. */
export const describeStuckRun = (getWorld: () => World): void =>
  scenario('a run that is stuck', (step) => {
    const script = failsAtFirst('load', 0);
    let removeFault = (): void => {};
    let file: Put;
    let runId: string;
    let since: number;

    beforeAll(async () => {
      const world = getWorld();
      removeFault = world.watcher.addFault(script.fault);
      script.close();
      file = await put(world, 'streams/stuck.csv', stream('e3,u1,T2,2018-11-16 10:00:00'));
      runId = await runOf(world, file);
    });
    beforeEach(() => {
      since = Date.now();
    });
    afterAll(() => {
      script.open();
      removeFault();
    });

    step('is reported by the reconciler', async () => {
      const world = getWorld();
      await stageReaches(world, runId, 'load', ({ state }) => state === 'started');
      await age(world, runId);
      await reconcile(world, 'load');
      await untilAlarm(world, 'load', 'stuck-run', since);
    });

    step('becomes a dead-letter message once an operator stops its job', async () => {
      const world = getWorld();
      const { job_run_id } = await stageReaches(world, runId, 'load', ({ state }) => state === 'started');
      const [JobName, RunId] = [jobName('load'), job_run_id ?? ''];
      const { JobRun } = await world.glue.send(new GetJobRunCommand({ JobName, RunId }));
      expect(JobRun?.Arguments?.['--run_id']).toBe(runId);
      await world.glue.send(new BatchStopJobRunCommand({ JobName, JobRunIds: [RunId] }));
      script.open();
      const { attributes } = await deadLetter(world, 'load', runId);
      expect(attributes).toMatchObject({ reason: 'stopped', job_run_id: RunId });
      await reconcile(world, 'load');
      await untilOk(world, 'load', 'stuck-run', since);
    });

    step('completes after a redrive, and its dates are late', async () => {
      const world = getWorld();
      await redrive(world, 'load');
      await reaches(world, file, 'archived');
      await untilAlarm(world, 'load', 'freshness', since);
    });
  });
