import { aMessage } from '@music-etl/testing';
import { type Call, InjectedFault, type Plan } from '@music-etl/testing/faults';
import { complete } from '../../src/app/complete.ts';
import { reconcile } from '../../src/app/reconcile.ts';
import type { StageDeps } from '../../src/app/stage.ts';
import { start } from '../../src/app/start.ts';
import type { Capacity, ModelWorld } from './world.ts';

/** An action that can happen in a world. `run` returns the calls that a function made, each of which may fail. */
export interface Action {
  readonly name: string;
  readonly run: (world: ModelWorld, plan: Plan | null) => Promise<readonly Call[]>;
}

/** Runs one function. Returns whether it succeeded, and its calls. */
const invoke = async (
  world: ModelWorld,
  plan: Plan | null,
  capacity: Capacity,
  call: (deps: StageDeps) => Promise<unknown>,
) => {
  const { deps, calls } = world.deps(plan, capacity);
  try {
    await call(deps);
    return { succeeded: true, calls };
  } catch (error) {
    const expected =
      error instanceof InjectedFault ||
      (error instanceof AggregateError && error.errors.every((e) => e instanceof InjectedFault));
    if (!expected) throw error;
    return { succeeded: false, calls };
  }
};

/** Delivers a message. It leaves the queue when its start succeeds, unless it is to be delivered `again`. */
export const deliver = async (
  world: ModelWorld,
  plan: Plan | null,
  capacity: Capacity,
  again: boolean,
): Promise<readonly Call[]> => {
  const { succeeded, calls } = await invoke(world, plan, capacity, (deps) => start(deps, aMessage()));
  if (succeeded && !again) world.messages -= 1;
  return calls;
};

/** Delivers an event. EventBridge repeats it when the function fails. */
export const deliverEvent = async (
  world: ModelWorld,
  plan: Plan | null,
  id: string,
  again: boolean,
): Promise<readonly Call[]> => {
  const { succeeded, calls } = await invoke(world, plan, 'free', (deps) => complete(deps, id));
  if (succeeded && !again) world.events = world.events.filter((event) => event !== id);
  return calls;
};

export const runReconciler = async (world: ModelWorld, plan: Plan | null): Promise<readonly Call[]> =>
  (await invoke(world, plan, 'free', reconcile)).calls;

/** Longer than any lease, silence or delay. */
export const TICK = 1000;

const plain = (name: string, act: (world: ModelWorld) => void | Promise<void>): Action => ({
  name,
  run: async (world) => {
    await act(world);
    return [];
  },
});

const ofMessages = (world: ModelWorld): Action[] => {
  if (world.messages === 0) return [];
  return [
    { name: 'deliver', run: (w, plan) => deliver(w, plan, 'free', false) },
    plain('deliver, and deliver again', async (w) => void (await deliver(w, null, 'free', true))),
    { name: 'deliver, at capacity', run: (w, plan) => deliver(w, plan, 'at capacity', false) },
    plain(
      'deliver, at capacity, yet started',
      async (w) => void (await deliver(w, null, 'at capacity, yet started', false)),
    ),
    plain('received too often', (w) => {
      w.messages -= 1;
      w.deadLetters += 1;
      w.deadLettersEver += 1;
    }),
  ];
};

const ofJobs = (world: ModelWorld): Action[] =>
  world.live.flatMap(({ id }, i) => [
    plain(`job ${i} succeeds`, (w) => w.end(id, 'SUCCEEDED', true)),
    plain(`job ${i} fails`, (w) => w.end(id, 'FAILED', false)),
    plain(`job ${i} commits and dies`, (w) => w.end(id, 'TIMEOUT', true)),
    plain(`job ${i} commits an unreadable result`, (w) => w.end(id, 'SUCCEEDED', 'garbage')),
    plain(`job ${i} is stopped`, (w) => w.end(id, 'STOPPED', false)),
    plain(`job ${i} succeeds, and its event is lost`, async (w) => {
      await w.end(id, 'SUCCEEDED', true);
      w.events.pop();
    }),
    plain(`job ${i} fails, and its event is lost`, async (w) => {
      await w.end(id, 'FAILED', false);
      w.events.pop();
    }),
  ]);

const ofEvents = (world: ModelWorld): Action[] =>
  world.events.flatMap((id, i) => [
    { name: `event ${i}`, run: (w, plan) => deliverEvent(w, plan, id, false) },
    plain(`event ${i}, which comes again`, async (w) => void (await deliverEvent(w, null, id, true))),
  ]);

const forget = plain('Glue forgets the ended runs', (w) => {
  const live = w.live.map(({ id }) => id);
  w.jobs = w.live;
  w.events = w.events.filter((id) => live.includes(id));
});

const redrive = plain('redrive', (w) => {
  w.deadLetters -= 1;
  w.messages += 1;
});

/** Returns all actions that are possible in a world, without faults. */
export const actionsIn = (world: ModelWorld): Action[] => [
  ...ofMessages(world),
  ...ofJobs(world),
  ...ofEvents(world),
  { name: 'reconcile', run: runReconciler },
  ...(world.deadLetters > 0 ? [redrive] : []),
  ...(world.jobs.length > world.live.length ? [forget] : []),
  plain('time passes', (w) => {
    w.seconds += TICK;
  }),
];
