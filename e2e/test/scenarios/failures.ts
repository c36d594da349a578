import { BatchStopJobRunCommand } from '@aws-sdk/client-glue';
import { STAGES, type Stage, type StageDocument } from '@music-etl/contracts';
import { stageOf } from '../../src/documents.ts';
import {
  countDeadLetters,
  deadLetter,
  purgeDeadLetters,
  redrive,
  redriveWithTool,
  send,
  sendStageRequest,
  untilRead,
} from '../../src/messages.ts';
import { exportEqualToOracle } from '../../src/oracle.ts';
import { reaches, runOf, stageReaches } from '../../src/progress.ts';
import { put } from '../../src/put.ts';
import { reconcile } from '../../src/reconcile.ts';
import { resetWithReference } from '../../src/reset.ts';
import { atCapacity } from '../../src/responses.ts';
import { stream } from '../../src/rows.ts';
import { scenario } from '../../src/scenario.ts';
import { failsAtFirst, jobName, startsJob } from '../../src/stage-requests.ts';
import { untilTerminal } from '../../src/terminal.ts';
import { until } from '../../src/until.ts';
import type { Put, World } from '../../src/world.ts';

type Condition = (document: StageDocument) => boolean;

/** Waits until `lost` events of a stage are lost, then runs the reconciler until it has closed the stage's run. */
const reconcileLostEvent = async (
  world: World,
  runId: string,
  stage: Stage,
  lost: number,
  condition: Condition,
): Promise<void> => {
  await until(world, `${stage} loses event ${lost}`, async () => world.events.lostOf(stage) >= lost);
  await until(world, `the reconciler closes ${stage} of ${runId}`, async () => {
    await reconcile(world, stage);
    const document = await stageOf(world, runId, stage);
    return document?.sent === true && condition(document);
  });
};

/** Rejects the first StartJobRun of every stage. */
const rejectFirstStarts = (world: World, rejected: Set<Stage>): (() => void) =>
  world.watcher.addFault((request) => {
    const stage = STAGES.find((one) => startsJob(request, one));
    if (stage === undefined || rejected.has(stage)) return null;
    rejected.add(stage);
    return atCapacity();
  });

/** Loses the second event of every stage's failures, and all events after the third. */
const loseEvents = (world: World): void => {
  const ends = new Map<Stage | undefined, number>();
  world.events.lose(({ stage }) => {
    const nth = (ends.get(stage) ?? 0) + 1;
    ends.set(stage, nth);
    return nth === 2 || nth > 3;
  });
};

const describeUnluckyRun = (getWorld: () => World): void =>
  scenario('a run that every stage rejects, fails, stops and loses events of', (step) => {
    let file: Put;
    let runId: string;
    const cleanups: (() => void)[] = [];
    const rejected = new Set<Stage>();
    const scripts = new Map(STAGES.map((stage) => [stage, failsAtFirst(stage, 3)]));

    beforeAll(async () => {
      const world = getWorld();
      cleanups.push(rejectFirstStarts(world, rejected));
      for (const { fault } of scripts.values()) cleanups.push(world.watcher.addFault(fault));
      loseEvents(world);
      file = await put(world, 'streams/unlucky.csv', stream('e1,u1,T1,2018-11-15 10:00:00'));
      runId = await runOf(world, file);
    });

    afterAll(() => {
      getWorld().events.lose(() => false);
      for (const cleanup of cleanups) cleanup();
    });

    /** Three failures make the message a dead-letter message that names the error. */
    const failThreeTimes = async (world: World, stage: Stage): Promise<StageDocument> => {
      await reconcileLostEvent(world, runId, stage, 1, ({ failures }) => failures === 2);
      expect(rejected).toContain(stage);
      const failed = await stageReaches(world, runId, stage, ({ state }) => state === 'dead');
      expect(failed).toMatchObject({ failures: 3, job_state: 'FAILED' });
      const { body, attributes } = await deadLetter(world, stage, runId);
      expect(JSON.parse(body)).toMatchObject({ type: `${stage}.requested`, run_id: runId });
      expect(attributes).toMatchObject({ reason: 'failed 3 times', job_run_id: failed.job_run_id });
      expect(attributes.error).toContain('LAUNCH ERROR');
      return failed;
    };

    /** A duplicate of the request that comes late does not start the dead run. */
    const ignoreDuplicate = async (world: World, stage: Stage, failed: StageDocument): Promise<void> => {
      await sendStageRequest(world, stage, runId);
      await untilRead(world, stage);
      expect(await stageOf(world, runId, stage)).toMatchObject({ state: 'dead', attempt: failed.attempt });
    };

    /** The redriven run starts again. An operator stops it, which makes the message a dead-letter message at once. */
    const redriveAndStop = async (world: World, stage: Stage, failed: StageDocument): Promise<void> => {
      const script = scripts.get(stage);
      script?.close();
      await redrive(world, stage);
      const started = await stageReaches(world, runId, stage, ({ state }) => state === 'started');
      expect(started).toMatchObject({ failures: 0, attempt: failed.attempt + 1 });
      const JobRunIds = [started.job_run_id ?? ''];
      await world.glue.send(new BatchStopJobRunCommand({ JobName: jobName(stage), JobRunIds }));
      script?.open();
      await reconcileLostEvent(world, runId, stage, 2, ({ state }) => state === 'dead');
      const { attributes } = await deadLetter(world, stage, runId);
      expect(attributes).toMatchObject({ reason: 'stopped', job_run_id: JobRunIds[0] });
    };

    for (const stage of STAGES)
      step(`${stage}: is a dead-letter message after three failures, and completes once redriven`, async () => {
        const world = getWorld();
        const failed = await failThreeTimes(world, stage);
        await ignoreDuplicate(world, stage, failed);
        await redriveAndStop(world, stage, failed);
        // SQS deletes a message after 14 days; the run can be redriven all the same.
        if (stage === 'load') await purgeDeadLetters(world, stage);
        await redriveWithTool(world, stage);
        await reconcileLostEvent(world, runId, stage, 3, ({ state }) => state === 'closed');
      });

    step('archives its file, leaves no dead-letter message, and counts nothing twice', async () => {
      const world = getWorld();
      await reaches(world, file, 'archived');
      await untilTerminal(world);
      expect(await countDeadLetters(world)).toBe(0);
      await exportEqualToOracle(world);
    });
  });

export const describeFailures = (getWorld: () => World): void =>
  scenario('failures', (step) => {
    beforeAll(() => resetWithReference(getWorld()));

    step('of events are found by a reconciler in every stage, scheduled every minute', async () => {
      expect(getWorld().schedules).toEqual(STAGES.map(() => 'rate(1 minute)'));
    });

    step('to parse a message make it a dead-letter message at once, in every stage', async () => {
      const world = getWorld();
      await Promise.all(
        STAGES.map(async (stage) => {
          const body = `{"hello":"${stage}"}`;
          await send(world, stage, body);
          const message = await deadLetter(world, stage, body);
          expect(message).toMatchObject({ body, attributes: { reason: 'malformed message' } });
          await purgeDeadLetters(world, stage);
        }),
      );
    });

    describeUnluckyRun(getWorld);
  });
