import { BatchStopJobRunCommand } from '@aws-sdk/client-glue';
import { requestStage, STAGES, type Stage, type StageDocument } from '@music-etl/contracts';
import { atCapacity, outage } from '../../src/answers.ts';
import { reaches, runOf, stageOf, stageReaches } from '../../src/documents.ts';
import { failsAtFirst, isAsked, jobName, startsJob } from '../../src/faults.ts';
import { deadLetter, deadLetters, reconcile, redrive, send, throwAway } from '../../src/messages.ts';
import { exportEqualToOracle } from '../../src/oracle.ts';
import { emptied, put, SONGS_KEY, terminal, USERS_KEY } from '../../src/putting.ts';
import { SONGS, stream, USERS } from '../../src/rows.ts';
import { scenario } from '../../src/scenario.ts';
import { until } from '../../src/until.ts';
import type { Request } from '../../src/watcher.ts';
import type { Put, World } from '../../src/world.ts';

/** Waits until the end of another Glue run of the stage was lost, then lets the reconciler find it. */
const found = async (
  world: World,
  runId: string,
  stage: Stage,
  lost: number,
  is: (document: StageDocument) => boolean,
): Promise<void> => {
  await until(world, `${stage} loses event ${lost}`, async () => world.events.lostOf(stage) >= lost);
  await until(world, `the reconciler settles ${stage} of ${runId}`, async () => {
    await reconcile(world, stage);
    const document = await stageOf(world, runId, stage);
    return document?.sent === true && is(document);
  });
};

/** A complete tells the next stage, or the world, that a stage is done. */
const tellsNext = (request: Request, stage: Stage): boolean => {
  const by = { stage, movement: 'complete' } as const;
  return isAsked(request, by, 'sqs:SendMessage') || isAsked(request, by, 'events:PutEvents');
};

export const describeFailures = (the: () => World): void =>
  scenario('what goes wrong', (step) => {
    let file: Put;
    let runId: string;

    beforeAll(async () => {
      const world = the();
      await emptied(world);
      await put(world, USERS_KEY, USERS);
      await put(world, SONGS_KEY, SONGS);
      await terminal(world);
    });

    step('every stage has a reconciler that the clock runs every minute', async () => {
      expect(the().schedules).toEqual(STAGES.map(() => 'rate(1 minute)'));
    });

    step('a malformed message is a dead letter at once, in every stage', async () => {
      const world = the();
      await Promise.all(
        STAGES.map(async (stage) => {
          const body = `{"hello":"${stage}"}`;
          await send(world, stage, body);
          const letter = await deadLetter(world, stage, body);
          expect(letter).toMatchObject({ body, attributes: { reason: 'malformed message' } });
          await throwAway(world, stage);
        }),
      );
    });

    scenario(
      'one run is turned away by a at capacity, fails, is given up, stopped and forgotten by events in every stage',
      (step) => {
        const unpatch: (() => void)[] = [];
        const turnedAway = new Set<Stage>();
        const scripts = new Map(STAGES.map((stage) => [stage, failsAtFirst(stage, 3)]));

        beforeAll(async () => {
          const world = the();
          unpatch.push(
            world.watcher.breakBy((request) => {
              const stage = STAGES.find((one) => startsJob(request, one));
              if (stage === undefined || turnedAway.has(stage)) return null;
              turnedAway.add(stage);
              return atCapacity();
            }),
          );
          for (const { fault } of scripts.values()) unpatch.push(world.watcher.breakBy(fault));
          // Of each stage's failures the second is heard of by nobody, nor is what comes after the third.
          const ends = new Map<Stage | undefined, number>();
          world.events.lose(({ stage }) => {
            const nth = (ends.get(stage) ?? 0) + 1;
            ends.set(stage, nth);
            return nth === 2 || nth > 3;
          });
          file = await put(world, 'streams/unlucky.csv', stream('e1,u1,T1,2018-11-15 10:00:00'));
          runId = await runOf(world, file);
        });

        afterAll(() => {
          the().events.lose(() => false);
          for (const patch of unpatch) patch();
        });

        for (const stage of STAGES)
          step(
            `${stage}: after three failures the message is a dead letter that says why; redriven, it goes on`,
            async () => {
              const world = the();
              await found(world, runId, stage, 1, ({ failures }) => failures === 2);
              expect(turnedAway).toContain(stage);
              const failed = await stageReaches(world, runId, stage, ({ state }) => state === 'dead');
              expect(failed).toMatchObject({ failures: 3, job_state: 'FAILED' });
              const letter = await deadLetter(world, stage, runId);
              expect(JSON.parse(letter.body)).toMatchObject({ type: `${stage}.requested`, run_id: runId });
              expect(letter.attributes).toMatchObject({ reason: 'failed 3 times', job_run_id: failed.job_run_id });
              expect(letter.attributes.error).toContain('LAUNCH ERROR');

              const script = scripts.get(stage);
              script?.close();
              await redrive(world, stage);
              const begun = await stageReaches(world, runId, stage, ({ state }) => state === 'started');
              expect(begun).toMatchObject({ failures: 0, attempt: failed.attempt + 1 });
              const JobRunIds = [begun.job_run_id ?? ''];
              await world.glue.send(new BatchStopJobRunCommand({ JobName: jobName(stage), JobRunIds }));
              script?.open();
              await found(world, runId, stage, 2, ({ state }) => state === 'dead');
              const { attributes } = await deadLetter(world, stage, runId);
              expect(attributes).toMatchObject({ reason: 'stopped', job_run_id: JobRunIds[0] });

              await redrive(world, stage);
              await found(world, runId, stage, 3, ({ state }) => state === 'closed');
            },
          );

        step('the file arrives all the same, no dead letter is left, and nothing was counted twice', async () => {
          const world = the();
          await reaches(world, file, 'archived');
          await terminal(world);
          expect(await deadLetters(world)).toBe(0);
          await exportEqualToOracle(world);
        });
      },
    );

    scenario('a function dies between closing a stage and telling the next one', (step) => {
      let patch = (): void => {};

      beforeAll(async () => {
        const world = the();
        patch = world.watcher.breakBy((request) =>
          STAGES.some((stage) => tellsNext(request, stage)) ? outage(request) : null,
        );
        file = await put(world, 'streams/cut-off.csv', stream('e2,u2,T2,2018-11-15 11:00:00'));
        runId = await runOf(world, file);
      });

      afterAll(() => patch());

      for (const stage of STAGES)
        step(`${stage}: a repeated message makes good what was not sent`, async () => {
          const world = the();
          const closed = await stageReaches(world, runId, stage, ({ state }) => state === 'closed');
          expect(closed.sent).toBe(false);
          await send(world, stage, JSON.stringify(requestStage(stage, runId, new Date())));
          await stageReaches(world, runId, stage, ({ sent }) => sent);
        });

      step('and the file arrives', async () => {
        const world = the();
        await reaches(world, file, 'archived');
        await terminal(world);
        await exportEqualToOracle(world);
      });
    });
  });
