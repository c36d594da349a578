import { type Action, actionsIn, deliver, look, TICK, tell } from './actions.ts';
import { type Fault, isTelling } from './faults.ts';
import { broken, ENDINGS, type Ending, stuck } from './invariants.ts';
import { signature } from './signature.ts';
import { ModelWorld, type State } from './world.ts';

/** What the world does while one invocation is held up. */
const MEANWHILES: Record<string, (world: ModelWorld) => Promise<void>> = {
  'the message comes again, long after': async (world) => {
    world.seconds += TICK;
    await deliver(world, null, 'open', true);
  },
  'all fail, and it is heard': async (world) => {
    for (const { id } of world.live) await world.end(id, 'FAILED', false);
    for (const id of world.events) await tell(world, null, id, true);
  },
  'all succeed, and it is heard': async (world) => {
    for (const { id } of world.live) await world.end(id, 'SUCCEEDED', true);
    for (const id of world.events) await tell(world, null, id, true);
  },
  'the reconciler comes by, and what it sends arrives': async (world) => {
    world.seconds += TICK;
    await look(world, null);
    if (world.messages > 0) await deliver(world, null, 'open', true);
  },
};

type NamedFault = readonly [name: string, fault: (world: ModelWorld) => Fault];

/** Every way in which an invocation may go wrong at one of its calls. */
export const FAULTS: readonly NamedFault[] = [
  ['dies', () => ({ kind: 'dies' })],
  ['fails', () => ({ kind: 'fails' })],
  ['its answer is lost', () => ({ kind: 'answer lost' })],
  ...Object.entries(MEANWHILES).map(
    ([name, meanwhile]): NamedFault => [
      `meanwhile ${name}`,
      (world) => ({ kind: 'is slow', meanwhile: () => meanwhile(world) }),
    ],
  ),
];

interface Reached {
  readonly state: State;
  readonly trace: readonly string[];
  /** How many more invocations may go wrong. */
  readonly faults: number;
}

type Step = { readonly name: string; readonly world: ModelWorld; readonly faults: number };

/** One action as it should go, then with every fault at every call. */
async function* ways({ state, faults }: Reached, action: Action): AsyncGenerator<Step> {
  const whole = new ModelWorld(state);
  const calls = await action.run(whole, null);
  yield { name: action.name, world: whole, faults };
  const places = faults === 0 ? [] : calls.flatMap((_, i) => FAULTS.map((fault) => [i + 1, fault] as const));
  for (const [at, [name, faultOf]] of places) {
    const world = new ModelWorld(state);
    const fault = faultOf(world);
    if (!isTelling(calls, at, fault.kind)) continue;
    await action.run(world, { at, fault });
    yield { name: `${action.name}; at call ${at}: ${name}`, world, faults: faults - 1 };
  }
}

async function* steps(frontier: readonly Reached[]): AsyncGenerator<Step & { readonly from: Reached }> {
  for (const from of frontier) {
    for (const action of actionsIn(new ModelWorld(from.state))) {
      for await (const step of ways(from, action)) yield { ...step, from };
    }
  }
}

const isTooMuch = (world: ModelWorld): boolean => world.messages > 2 || world.live.length > 2;

/** Where nobody hears of an end, only the reconciler helps. */
const HARDEST: readonly Ending[] = ['succeed unheard', 'fail unheard'];

export interface Explored {
  readonly states: number;
  readonly failure: { readonly trace: readonly string[]; readonly rules: readonly string[] } | null;
}

type Failure = NonNullable<Explored['failure']>;

/** What is known: states with the faults that were left in them, and those of which it is known that they come to rest. */
interface Known {
  readonly seen: Map<string, number>;
  readonly fine: Set<string>;
}

const oneFurther = async (frontier: readonly Reached[], { seen, fine }: Known): Promise<Reached[] | Failure> => {
  const next: Reached[] = [];
  for await (const { name, world, faults, from } of steps(frontier)) {
    const mark = signature(world);
    const before = seen.get(mark) ?? -1;
    if (isTooMuch(world) || before >= faults) continue;
    seen.set(mark, faults);
    const found = { state: world.state(), trace: [...from.trace, name], faults };
    const rules = before < 0 ? await promisesNotKept(world, found.state, fine, HARDEST) : [];
    if (rules.length > 0) return { trace: found.trace, rules };
    next.push(found);
  }
  return next;
};

/** Every state that `depth` steps with at most `faults` faults lead to, breadth first; the first promise not kept. */
export const explore = async (start: State, depth: number, faults: number): Promise<Explored> => {
  const known: Known = { seen: new Map(), fine: new Set() };
  let frontier: Reached[] = [{ state: start, trace: [], faults }];
  for (let level = 0; level < depth; level += 1) {
    const next = await oneFurther(frontier, known);
    if (!Array.isArray(next)) return { states: known.seen.size, failure: next };
    frontier = next;
  }
  return { states: known.seen.size, failure: null };
};

/** @param fine what is known to come to rest; grows. */
export const promisesNotKept = async (
  world: ModelWorld,
  state: State,
  fine: Set<string>,
  endings: readonly Ending[] = ENDINGS,
): Promise<string[]> => {
  const rules = broken(world);
  for (const ending of endings) if (rules.length === 0) rules.push(...(await stuck(state, ending, fine)));
  return rules;
};
