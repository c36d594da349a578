import { randomUUID } from 'node:crypto';
import { realClock } from '../shared/clock.ts';
import { currentUser } from '../shared/current-user.ts';
import { onInterrupt } from '../shared/interrupt.ts';
import type { Objects, Screen } from '../shared/ports.ts';
import { withTarget } from '../shared/reach.ts';
import { openScreen } from '../shared/screen.ts';
import type { RequestCommandOptions } from './options.ts';
import { type Action, type PlannedRequest, parseWhy } from './request.ts';
import { sendRequests } from './send-requests.ts';

const PATIENCE = { quietMs: 10_000, stallMs: 10 * 60_000 };

/** Plans requests and sends them to the target. A request that fails ends the command with 1. */
export const runRequests = async (
  action: Action,
  options: RequestCommandOptions & { dryRun?: boolean },
  plan: (objects: Objects, screen: Screen) => Promise<PlannedRequest[]>,
): Promise<void> => {
  const { suffix, wait, dryRun = false } = options;
  const why = parseWhy(options.why);
  const screen = openScreen(process.stdout);
  await withTarget(options, async ({ objects, queues, send, look }) => {
    const planned = await plan(objects, screen);
    const undo = onInterrupt(async () => screen.line('requests that were sent go on without this command'));
    const deps = {
      objects,
      queues,
      send,
      look,
      screen,
      clock: realClock,
      patience: PATIENCE,
      requestedBy: currentUser(),
      newId: randomUUID,
    };
    const succeeded = await sendRequests(deps, planned, { action, why, suffix, wait, dryRun }).finally(undo);
    if (!succeeded) process.exitCode = 1;
  });
};
