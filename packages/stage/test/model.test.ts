import fc from 'fast-check';
import { actionsIn } from './model/actions.ts';
import { explore, FAULTS, promisesNotKept } from './model/explore.ts';
import { FRESH, ModelWorld } from './model/world.ts';

// The real start, hand on, reconcile and flush in a world whose messages, Glue runs, events and clock do what they may.

test('a stage keeps its promises in every state that five steps, one of them faulty, lead to', async () => {
  const { states, failure } = await explore(FRESH, 5, 1);
  expect(failure).toBeNull();
  expect(states).toBeGreaterThan(5000);
}, 120_000);

test('a stage keeps its promises in every state that four steps, two of them faulty, lead to', async () => {
  const { failure } = await explore(FRESH, 4, 2);
  expect(failure).toBeNull();
}, 120_000);

interface Happening {
  readonly action: number;
  readonly fault: number | null;
  readonly at: number;
}

const happen = async (world: ModelWorld, { action, fault, at }: Happening): Promise<string> => {
  const actions = actionsIn(world);
  const chosen = actions[action % actions.length];
  const [name, faultOf] = FAULTS[fault ?? -1] ?? [];
  await chosen?.run(world, faultOf === undefined ? null : { at, fault: faultOf(world) });
  return `${chosen?.name}${name === undefined ? '' : `; at call ${at}: ${name}`}`;
};

test('a stage keeps its promises on long ways on which anything may go wrong', async () => {
  const fine = new Set<string>();
  const fault = fc.option(fc.nat({ max: FAULTS.length - 1 }));
  const happening = fc.record({ action: fc.nat(), fault, at: fc.integer({ min: 1, max: 8 }) });
  const way = fc.array(happening, { minLength: 10, maxLength: 40, size: 'max' });
  await fc.assert(
    fc.asyncProperty(way, async (happenings) => {
      const world = new ModelWorld(FRESH);
      const trace: string[] = [];
      for (const each of happenings) {
        trace.push(await happen(world, each));
        expect({ trace, rules: await promisesNotKept(world, world.state(), fine) }).toEqual({ trace, rules: [] });
      }
    }),
    { numRuns: 200 },
  );
}, 120_000);
