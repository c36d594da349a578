import '../src/host-errors.ts';
import { openWorld, type World } from '../src/world.ts';
import { describeArrivals } from './scenarios/arrivals.ts';

/** Above what a test's own deadlines add up to: those say what was waited for. */
jest.setTimeout(180_000);

let world: World;
const the = (): World => world;

beforeAll(async () => {
  world = await openWorld();
});

afterAll(async () => {
  await world?.close();
});

describeArrivals(the);
