import { aStageRequest } from '@music-etl/testing';
import { type Call, InjectedFault, type Plan } from '@music-etl/testing/faults';
import { complete } from '../../src/app/complete.ts';
import { reconcile } from '../../src/app/reconcile.ts';
import type { StageDeps } from '../../src/app/stage.ts';
import { start } from '../../src/app/start.ts';
import type { Capacity, ModelWorld, QueuedMessage } from './world.ts';

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

/** Removes one message from a queue. */
const without = (queue: readonly QueuedMessage[], message: QueuedMessage): QueuedMessage[] =>
  queue.filter((_, i) => i !== queue.indexOf(message));

/** Delivers a message. It leaves the queue when its start succeeds, unless it is to be delivered `again`. */
export const deliver = async (
  world: ModelWorld,
  plan: Plan | null,
  capacity: Capacity,
  again: boolean,
  redriven: QueuedMessage = world.messages[0] ?? null,
): Promise<readonly Call[]> => {
  const { succeeded, calls } = await invoke(world, plan, capacity, (deps) => start(deps, aStageRequest(redriven)));
  if (succeeded && !again) world.messages = without(world.messages, redriven);
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

const ofMessage = (message: QueuedMessage): Action[] => {
  const name = message === null ? 'a request' : `the redriven message of attempt ${message}`;
  const delivered = (capacity: Capacity) => (w: ModelWorld, plan: Plan | null) =>
    deliver(w, plan, capacity, false, message);
  return [
    { name: `deliver ${name}`, run: delivered('free') },
    plain(`deliver ${name} twice`, async (w) => void (await deliver(w, null, 'free', true, message))),
    { name: `deliver ${name}, at capacity`, run: delivered('at capacity') },
    plain(`deliver ${name}, at capacity, yet started`, async (w) => {
      await delivered('at capacity, yet started')(w, null);
    }),
    plain(`${name} is received too often`, (w) => {
      w.messages = without(w.messages, message);
      w.deadLetters.push(message);
    }),
  ];
};

const ofMessages = (world: ModelWorld): Action[] => [...new Set(world.messages)].flatMap(ofMessage);

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

const redrive = (message: QueuedMessage): Action =>
  plain(`redrive the message of ${message === null ? 'no attempt' : `attempt ${message}`}`, (w) => {
    w.deadLetters = without(w.deadLetters, message);
    w.messages.push(message);
  });

/** A dead run stays dead, whatever duplicate comes late. */
const lateDuplicate = plain('a late duplicate of the request', async (world) => {
  const before = world.view().stage;
  await deliver(world, null, 'free', true, null);
  const isDead = before?.state === 'dead' && before.sent;
  if (isDead && world.view().stage?.state !== 'dead') throw new Error('a duplicate has started a dead run');
});

/** Returns all actions that are possible in a world, without faults. */
export const actionsIn = (world: ModelWorld): Action[] => [
  ...ofMessages(world),
  ...ofJobs(world),
  ...ofEvents(world),
  { name: 'reconcile', run: runReconciler },
  ...[...new Set(world.deadLetters)].map(redrive),
  lateDuplicate,
  ...(world.jobs.length > world.live.length ? [forget] : []),
  plain('time passes', (w) => {
    w.seconds += TICK;
  }),
];
