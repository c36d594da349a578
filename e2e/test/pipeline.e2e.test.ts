import '../src/host-errors.ts';
import { processesNaming } from '@music-etl/testing/processes';
import { openWorld, type World } from '../src/world.ts';
import { describeAlarms } from './scenarios/alarms.ts';
import { describeDataAlarms } from './scenarios/alarms-data.ts';
import { describeArchive } from './scenarios/archive.ts';
import { describeArrivals } from './scenarios/arrivals.ts';
import { describeCorrections } from './scenarios/corrections.ts';
import { describeErasure } from './scenarios/erasure.ts';
import { describeFailures } from './scenarios/failures.ts';
import { describeHostile } from './scenarios/hostile.ts';
import { describeLogs } from './scenarios/logs.ts';
import { describeManualRequests } from './scenarios/manual-requests.ts';
import { describeOutbox } from './scenarios/outbox.ts';
import { describePermissions } from './scenarios/permissions.ts';
import { describeReplays } from './scenarios/replays.ts';
import { describeSweeps } from './scenarios/sweeps.ts';
import { describeVanished } from './scenarios/vanished.ts';

/** More than the sum of a test's own timeouts, which report what did not happen. */
jest.setTimeout(180_000);

let world: World | undefined;
const getWorld = (): World => {
  if (!world) throw new Error('the local stack did not start');
  return world;
};

beforeAll(async () => {
  world = await openWorld();
});

afterAll(async () => {
  if (!world) return;
  await world.close();
  expect(processesNaming(world.dir)).toEqual([]);
});

describeArrivals(getWorld);
describeCorrections(getWorld);
describeArchive(getWorld);
describeVanished(getWorld);
describeReplays(getWorld);
describeSweeps(getWorld);
describeManualRequests(getWorld);
describeErasure(getWorld);
describeFailures(getWorld);
describeOutbox(getWorld);
describeHostile(getWorld);
describeLogs(getWorld);
describeAlarms(getWorld);
describeDataAlarms(getWorld);
// Last, because it checks the requests of all scenarios.
describePermissions(getWorld);
