import '../src/host-errors.ts';
import { processesNaming } from '@music-etl/testing/processes';
import { openWorld, type World } from '../src/world.ts';
import { describeAlarms } from './scenarios/alarms.ts';
import { describeDataAlarms } from './scenarios/alarms-data.ts';
import { describeArchive } from './scenarios/archive.ts';
import { describeArrivals } from './scenarios/arrivals.ts';
import { describeByHand } from './scenarios/by-hand.ts';
import { describeCorrections } from './scenarios/corrections.ts';
import { describeErasure } from './scenarios/erasure.ts';
import { describeFailures } from './scenarios/failures.ts';
import { describeHostile } from './scenarios/hostile.ts';
import { describeLogs } from './scenarios/logs.ts';
import { describePermissions } from './scenarios/permissions.ts';
import { describeReplays } from './scenarios/replays.ts';
import { describeVanished } from './scenarios/vanished.ts';

/** Above what a test's own deadlines add up to: those say what was waited for. */
jest.setTimeout(180_000);

let world: World | undefined;
const the = (): World => {
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

describeArrivals(the);
describeCorrections(the);
describeArchive(the);
describeVanished(the);
describeReplays(the);
describeByHand(the);
describeErasure(the);
describeFailures(the);
describeHostile(the);
describeLogs(the);
describeAlarms(the);
describeDataAlarms(the);
// Last: looks back on everything that was asked for.
describePermissions(the);
