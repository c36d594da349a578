import { enableQueue, throttle } from '../../src/alarm-triggers.ts';
import { alarmOf, isInAlarm, untilAlarm, untilOk } from '../../src/alarms.ts';
import { withFault } from '../../src/gate.ts';
import { measuredSince } from '../../src/measurements.ts';
import { countDeadLetters, deadLetter, redrive, sendStageRequest } from '../../src/messages.ts';
import { exportEqualToOracle } from '../../src/oracle.ts';
import { reaches, runOf } from '../../src/progress.ts';
import { put } from '../../src/put.ts';
import { reconcile } from '../../src/reconcile.ts';
import { resetWithReference } from '../../src/reset.ts';
import { outage } from '../../src/responses.ts';
import { stream } from '../../src/rows.ts';
import { scenario } from '../../src/scenario.ts';
import { failsAtFirst, isRequestOf } from '../../src/stage-requests.ts';
import { untilTerminal } from '../../src/terminal.ts';
import type { World } from '../../src/world.ts';
import { describeStuckRun } from './stuck-run.ts';

const MEASURED = [
  'FilesPrepared',
  'RowsAccepted',
  'DatesPublished',
  'FreshnessSeconds',
  'FilesArchived',
  'RunSeconds',
] as const;

/** Triggers each alarm, reads the metric from the source that CloudWatch uses, and follows docs/operate.md. */
export const describeAlarms = (getWorld: () => World): void =>
  scenario('alarms', (step) => {
    let since: number;
    let quietRun: string;

    beforeAll(() => resetWithReference(getWorld()));
    beforeEach(() => {
      since = Date.now();
    });

    step('do not change for a normal run, which measures what it did', async () => {
      const world = getWorld();
      const file = await put(world, 'streams/quiet.csv', stream('e1,u1,T1,2018-11-15 10:00:00'));
      quietRun = await runOf(world, file);
      await reaches(world, file, 'archived');
      await untilTerminal(world);
      const measured = await measuredSince(world, since);
      for (const name of MEASURED) expect(measured.map((one) => one.name)).toContain(name);
      const fresh = measured.filter(({ name }) => name === 'FreshnessSeconds');
      expect(fresh.map(({ line }) => line.date).sort()).toEqual(['2018-11-15', '2018-11-16', '2018-11-17']);
      for (const name of ['files-held', 'quarantined']) {
        expect(await isInAlarm(world, await alarmOf(world, 'validate', name), since)).toBe(false);
      }
    });

    step('report dead-letter messages and a failing job; after a redrive the run completes', async () => {
      const world = getWorld();
      const { fault } = failsAtFirst('kpi', 3);
      await withFault(world, fault, async () => {
        const file = await put(world, 'streams/failing.csv', stream('e2,u2,T2,2018-11-15 11:00:00'));
        const runId = await runOf(world, file);
        await deadLetter(world, 'kpi', runId);
        await untilAlarm(world, 'kpi', 'job-failures', since);
        await untilAlarm(world, 'kpi', 'dead-letters', since);
        expect((await measuredSince(world, since)).filter(({ name }) => name === 'DeadLetters')).toHaveLength(1);
        await redrive(world, 'kpi');
        await reaches(world, file, 'archived');
      });
      await untilOk(world, 'kpi', 'dead-letters', since);
    });

    describeStuckRun(getWorld);

    step('report a queue whose messages nobody receives, until they are received again', async () => {
      const world = getWorld();
      await enableQueue(world, 'kpi', false);
      await sendStageRequest(world, 'kpi', quietRun);
      await untilAlarm(world, 'kpi', 'queue-age', since, 0);
      await enableQueue(world, 'kpi', true);
      await untilOk(world, 'kpi', 'queue-age', since);
    });

    step('report a function that fails', async () => {
      const world = getWorld();
      const by = { stage: 'archive', movement: 'reconcile' } as const;
      await withFault(
        world,
        (request) => (isRequestOf(request, by, 's3:ListBucket') ? outage(request) : null),
        async () => {
          await expect(reconcile(world, 'archive')).rejects.toThrow('failed');
          await untilAlarm(world, 'archive', 'reconcile-errors', since);
        },
      );
      await reconcile(world, 'archive');
    });

    step('report a function that is throttled', async () => {
      const world = getWorld();
      const removeLimit = await throttle(world, 'archive', 'reconcile');
      await expect(reconcile(world, 'archive')).rejects.toThrow();
      await untilAlarm(world, 'archive', 'reconcile-throttles', since);
      await removeLimit();
      await reconcile(world, 'archive');
    });

    step('report a reconciler that does not run, as none does without its schedule', async () => {
      const world = getWorld();
      await untilAlarm(world, 'validate', 'reconciler-silent', since);
      await reconcile(world, 'validate');
      await untilOk(world, 'validate', 'reconciler-silent', since);
    });

    step('leave nothing lost and nothing counted twice', async () => {
      const world = getWorld();
      await untilTerminal(world);
      expect(await countDeadLetters(world)).toBe(0);
      await exportEqualToOracle(world);
    });
  });
