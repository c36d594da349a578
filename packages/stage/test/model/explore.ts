import { type Fault, isDistinct } from '@music-etl/testing/faults';
import { type Action, actionsIn, deliver, deliverEvent, runReconciler, TICK } from './actions.ts';
import { brokenInvariants, ENDINGS, type Ending, neverEndsWell } from './invariants.ts';
import { signature } from './signature.ts';
import { ModelWorld, type State } from './world.ts';

/** What happens while one invocation is slow. */
const MEANWHILES: Record<string, (world: ModelWorld) => Promise<void>> = {
  'the message comes again, much later': async (world) => {
    world.seconds += TICK;
    await deliver(world, null, 'free', true);
  },
  'all Glue runs fail, and their events come': async (world) => {
    for (const { id } of world.live) await world.end(id, 'FAILED', false);
    for (const id of world.events) await deliverEvent(world, null, id, true);
  },
  'all Glue runs succeed, and their events come': async (world) => {
    for (const { id } of world.live) await world.end(id, 'SUCCEEDED', true);
    for (const id of world.events) await deliverEvent(world, null, id, true);
  },
  'the reconciler runs, and its request arrives': async (world) => {
    world.seconds += TICK;
    await runReconciler(world, null);
    if (world.messages.length > 0) await deliver(world, null, 'free', true);
  },
};

type NamedFault = readonly [name: string, fault: (world: ModelWorld) => Fault];

/** Every fault that one call of an invocation can have. */
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
  /** How many more invocations may have a fault. */
  readonly faults: number;
}

type Step = { readonly name: string; readonly world: ModelWorld; readonly faults: number };

/** Yields one action without a fault, then with every fault at every call. */
async function* ways({ state, faults }: Reached, action: Action): AsyncGenerator<Step> {
  const whole = new ModelWorld(state);
  const calls = await action.run(whole, null);
  yield { name: action.name, world: whole, faults };
  const positions = faults === 0 ? [] : calls.flatMap((_, i) => FAULTS.map((fault) => [i + 1, fault] as const));
  for (const [at, [name, faultOf]] of positions) {
    const world = new ModelWorld(state);
    const fault = faultOf(world);
    if (!isDistinct(calls, at, fault.kind)) continue;
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

const isTooMuch = (world: ModelWorld): boolean => world.messages.length > 2 || world.live.length > 2;

/** With all events lost, only the reconciler helps. */
const HARDEST: readonly Ending[] = ['succeed, events lost', 'fail, events lost'];

export interface Explored {
  readonly states: number;
  readonly failure: { readonly trace: readonly string[]; readonly rules: readonly string[] } | null;
}

type Failure = NonNullable<Explored['failure']>;

/** States seen, with the faults that were left in them, and states that are known to end well. */
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
    const rules = before < 0 ? await brokenRules(world, found.state, fine, HARDEST) : [];
    if (rules.length > 0) return { trace: found.trace, rules };
    next.push(found);
  }
  return next;
};

/** Visits every state that `depth` steps with at most `faults` faults lead to, breadth first, until one fails. */
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

/**
 * Returns the rules that a state breaks.
 * @param fine states that are known to end well; grows.
 */
export const brokenRules = async (
  world: ModelWorld,
  state: State,
  fine: Set<string>,
  endings: readonly Ending[] = ENDINGS,
): Promise<string[]> => {
  const rules = brokenInvariants(world);
  for (const ending of endings) if (rules.length === 0) rules.push(...(await neverEndsWell(state, ending, fine)));
  return rules;
};
