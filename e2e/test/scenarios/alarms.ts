import { BatchStopJobRunCommand, GetJobRunCommand } from '@aws-sdk/client-glue';
import { RunDocument, requestStage, runKey, StageDocument, stageKey } from '@music-etl/contracts';
import { rewrite, takeMessages, throttle } from '../../src/alarm-triggers.ts';
import { outage } from '../../src/answers.ts';
import { reaches, runOf, stageReaches } from '../../src/documents.ts';
import { failsAtFirst, isAsked, jobName, whileBroken } from '../../src/faults.ts';
import { deadLetter, deadLetters, reconcile, redrive, send } from '../../src/messages.ts';
import { exportEqualToOracle } from '../../src/oracle.ts';
import { emptied, put, SONGS_KEY, terminal, USERS_KEY } from '../../src/putting.ts';
import { SONGS, stream, USERS } from '../../src/rows.ts';
import { scenario } from '../../src/scenario.ts';
import { alarmOf, called, calls, measuredSince, quiet } from '../../src/watching.ts';
import type { Put, World } from '../../src/world.ts';

const HOURS_MS = 2 * 3_600_000;
const hoursAgo = (): string => new Date(Date.now() - HOURS_MS).toISOString();

/** Makes a run look as if its stage had been started, and its files had arrived, two hours ago. */
const age = async (world: World, runId: string): Promise<void> => {
  await rewrite(world, stageKey(runId, 'load'), StageDocument, (stage) => ({ ...stage, claimed_at: hoursAgo() }));
  await rewrite(world, runKey(runId), RunDocument, (run) => ({
    ...run,
    files: run.files.map((file) => ({ ...file, arrived_at: hoursAgo() })),
  }));
};

/** Brings about what each alarm watches, reads the metric where CloudWatch would, and does what docs/operate.md says. */
export const describeAlarms = (the: () => World): void =>
  scenario('what somebody is called for', (step) => {
    let since: number;
    let quietRun: string;

    beforeAll(async () => {
      const world = the();
      await emptied(world);
      await put(world, USERS_KEY, USERS);
      await put(world, SONGS_KEY, SONGS);
      await terminal(world);
    });
    beforeEach(() => {
      since = Date.now();
    });

    step('a quiet run calls nobody, and measures what it did', async () => {
      const world = the();
      const file = await put(world, 'streams/quiet.csv', stream('e1,u1,T1,2018-11-15 10:00:00'));
      quietRun = await runOf(world, file);
      await reaches(world, file, 'archived');
      await terminal(world);
      const measured = await measuredSince(world, since);
      const names = [
        'FilesPrepared',
        'RowsAccepted',
        'DatesPublished',
        'FreshnessSeconds',
        'FilesArchived',
        'RunSeconds',
      ];
      for (const name of names) expect(measured.map((one) => one.name)).toContain(name);
      const fresh = measured.filter(({ name }) => name === 'FreshnessSeconds');
      expect(fresh.map(({ line }) => line.date).sort()).toEqual(['2018-11-15', '2018-11-16', '2018-11-17']);
      for (const name of ['files-held', 'quarantined']) {
        expect(await calls(world, await alarmOf(world, 'validate', name), since)).toBe(false);
      }
    });

    step('dead letters, and a job that fails: its log says why, a redrive goes on', async () => {
      const world = the();
      const { fault } = failsAtFirst('kpi', 3);
      await whileBroken(world, fault, async () => {
        const file = await put(world, 'streams/failing.csv', stream('e2,u2,T2,2018-11-15 11:00:00'));
        const runId = await runOf(world, file);
        await deadLetter(world, 'kpi', runId);
        await called(world, 'kpi', 'job-failures', since);
        await called(world, 'kpi', 'dead-letters', since);
        expect((await measuredSince(world, since)).filter(({ name }) => name === 'DeadLetters')).toHaveLength(1);
        await redrive(world, 'kpi');
        await reaches(world, file, 'archived');
      });
      await quiet(world, 'kpi', 'dead-letters', since);
    });

    scenario('a run that is stuck', (step) => {
      const script = failsAtFirst('load', 0);
      let patch = (): void => {};
      let file: Put;
      let runId: string;

      beforeAll(async () => {
        const world = the();
        patch = world.watcher.breakBy(script.fault);
        script.close();
        file = await put(world, 'streams/stuck.csv', stream('e3,u1,T2,2018-11-16 10:00:00'));
        runId = await runOf(world, file);
      });
      afterAll(() => {
        script.open();
        patch();
      });

      step('is seen by the reconciler', async () => {
        const world = the();
        await stageReaches(world, runId, 'load', ({ state }) => state === 'started');
        await age(world, runId);
        await reconcile(world, 'load');
        await called(world, 'load', 'stuck-run', since);
      });

      step('is stopped by hand, and given up', async () => {
        const world = the();
        const { job_run_id } = await stageReaches(world, runId, 'load', ({ state }) => state === 'started');
        const [JobName, RunId] = [jobName('load'), job_run_id ?? ''];
        const { JobRun } = await world.glue.send(new GetJobRunCommand({ JobName, RunId }));
        expect(JobRun?.Arguments?.['--run_id']).toBe(runId);
        await world.glue.send(new BatchStopJobRunCommand({ JobName, JobRunIds: [RunId] }));
        script.open();
        const { attributes } = await deadLetter(world, 'load', runId);
        expect(attributes).toMatchObject({ reason: 'stopped', job_run_id: RunId });
        await reconcile(world, 'load');
        await quiet(world, 'load', 'stuck-run', since);
      });

      step('goes on after a redrive; its dates come late', async () => {
        const world = the();
        await redrive(world, 'load');
        await reaches(world, file, 'archived');
        await called(world, 'load', 'freshness', since);
      });
    });

    step('a queue that does not move, until its messages are taken again', async () => {
      const world = the();
      await takeMessages(world, 'kpi', false);
      await send(world, 'kpi', JSON.stringify(requestStage('kpi', quietRun, new Date())));
      await called(world, 'kpi', 'queue-age', since, 0);
      await takeMessages(world, 'kpi', true);
      await quiet(world, 'kpi', 'queue-age', since);
    });

    step('a function that fails', async () => {
      const world = the();
      const by = { stage: 'archive', movement: 'reconcile' } as const;
      await whileBroken(
        world,
        (request) => (isAsked(request, by, 's3:ListBucket') ? outage(request) : null),
        async () => {
          await expect(reconcile(world, 'archive')).rejects.toThrow('failed');
          await called(world, 'archive', 'reconcile-errors', since);
        },
      );
      await reconcile(world, 'archive');
    });

    step('a function that is throttled', async () => {
      const world = the();
      const giveBack = await throttle(world, 'archive', 'reconcile');
      await expect(reconcile(world, 'archive')).rejects.toThrow();
      await called(world, 'archive', 'reconcile-throttles', since);
      await giveBack();
      await reconcile(world, 'archive');
    });

    step('a reconciler that is silent, as all are here whose clock is stopped', async () => {
      const world = the();
      await called(world, 'validate', 'reconciler-silent', since);
      await reconcile(world, 'validate');
      await quiet(world, 'validate', 'reconciler-silent', since);
    });

    step('after all of it nothing is lost, and nothing counted twice', async () => {
      const world = the();
      await terminal(world);
      expect(await deadLetters(world)).toBe(0);
      await exportEqualToOracle(world);
    });
  });
