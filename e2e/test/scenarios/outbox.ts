import { STAGES, type Stage } from '@music-etl/contracts';
import { sendStageRequest } from '../../src/messages.ts';
import { exportEqualToOracle } from '../../src/oracle.ts';
import { reaches, runOf, stageReaches } from '../../src/progress.ts';
import { put } from '../../src/put.ts';
import { resetWithReference } from '../../src/reset.ts';
import { outage } from '../../src/responses.ts';
import { stream } from '../../src/rows.ts';
import { scenario } from '../../src/scenario.ts';
import { isRequestOf } from '../../src/stage-requests.ts';
import { untilTerminal } from '../../src/terminal.ts';
import type { ObservedRequest } from '../../src/watcher.ts';
import type { Put, World } from '../../src/world.ts';

/** Returns true for the message or the event that a stage sends when it is complete. */
const sendsNext = (request: ObservedRequest, stage: Stage): boolean => {
  const by = { stage, movement: 'complete' } as const;
  return isRequestOf(request, by, 'sqs:SendMessage') || isRequestOf(request, by, 'events:PutEvents');
};

export const describeOutbox = (getWorld: () => World): void =>
  scenario('a function that fails between closing a stage and sending the next message', (step) => {
    let removeFault = (): void => {};
    let file: Put;
    let runId: string;

    beforeAll(async () => {
      const world = getWorld();
      await resetWithReference(world);
      removeFault = world.watcher.addFault((request) =>
        STAGES.some((stage) => sendsNext(request, stage)) ? outage(request) : null,
      );
      file = await put(world, 'streams/cut-off.csv', stream('e2,u2,T2,2018-11-15 11:00:00'));
      runId = await runOf(world, file);
    });

    afterAll(() => removeFault());

    for (const stage of STAGES)
      step(`${stage}: sends what is in its outbox when its message is repeated`, async () => {
        const world = getWorld();
        const closed = await stageReaches(world, runId, stage, ({ state }) => state === 'closed');
        expect(closed.sent).toBe(false);
        await sendStageRequest(world, stage, runId);
        await stageReaches(world, runId, stage, ({ sent }) => sent);
      });

    step('archives the file in the end', async () => {
      const world = getWorld();
      await reaches(world, file, 'archived');
      await untilTerminal(world);
      await exportEqualToOracle(world);
    });
  });
