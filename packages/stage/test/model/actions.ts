import { complete } from '../../src/app/complete.ts';
import { reconcile } from '../../src/app/reconcile.ts';
import type { StageDeps } from '../../src/app/stage.ts';
import { start } from '../../src/app/start.ts';
import { aMessage } from '../support/records.ts';
import { Broken, type Call, type Plan } from './faults.ts';
import type { House, ModelWorld } from './world.ts';

/** One thing that can happen. `run` answers the calls that a function made, any of which may go wrong. */
export interface Action {
  readonly name: string;
  readonly run: (world: ModelWorld, plan: Plan | null) => Promise<readonly Call[]>;
}

/** Runs one function; answers whether it ended well, and what it called. */
const invoke = async (
  world: ModelWorld,
  plan: Plan | null,
  house: House,
  call: (deps: StageDeps) => Promise<unknown>,
) => {
  const { deps, calls } = world.deps(plan, house);
  try {
    await call(deps);
    return { well: true, calls };
  } catch (error) {
    const expected =
      error instanceof Broken || (error instanceof AggregateError && error.errors.every((e) => e instanceof Broken));
    if (!expected) throw error;
    return { well: false, calls };
  }
};

/** A message is gone from the queue only when its start ended well; `again`: it is delivered once more anyhow. */
export const deliver = async (
  world: ModelWorld,
  plan: Plan | null,
  house: House,
  again: boolean,
): Promise<readonly Call[]> => {
  const { well, calls } = await invoke(world, plan, house, (deps) => start(deps, aMessage()));
  if (well && !again) world.messages -= 1;
  return calls;
};

/** EventBridge tells a function that failed once more. */
export const tell = async (
  world: ModelWorld,
  plan: Plan | null,
  id: string,
  again: boolean,
): Promise<readonly Call[]> => {
  const { well, calls } = await invoke(world, plan, 'open', (deps) => complete(deps, id));
  if (well && !again) world.events = world.events.filter((event) => event !== id);
  return calls;
};

export const look = async (world: ModelWorld, plan: Plan | null): Promise<readonly Call[]> =>
  (await invoke(world, plan, 'open', reconcile)).calls;

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
    { name: 'deliver', run: (w, plan) => deliver(w, plan, 'open', false) },
    plain('deliver, and keep the message', async (w) => void (await deliver(w, null, 'open', true))),
    { name: 'deliver, at capacity', run: (w, plan) => deliver(w, plan, 'full', false) },
    plain('deliver, at capacity that began it', async (w) => void (await deliver(w, null, 'full, yet begun', false))),
    plain('received too often', (w) => {
      w.messages -= 1;
      w.letters += 1;
      w.lettersEver += 1;
    }),
  ];
};

const ofJobs = (world: ModelWorld): Action[] =>
  world.live.flatMap(({ id }, i) => [
    plain(`job ${i} succeeds`, (w) => w.end(id, 'SUCCEEDED', true)),
    plain(`job ${i} fails`, (w) => w.end(id, 'FAILED', false)),
    plain(`job ${i} commits and dies`, (w) => w.end(id, 'TIMEOUT', true)),
    plain(`job ${i} commits what nobody understands`, (w) => w.end(id, 'SUCCEEDED', 'garbage')),
    plain(`job ${i} is stopped`, (w) => w.end(id, 'STOPPED', false)),
    plain(`job ${i} succeeds, which nobody hears`, async (w) => {
      await w.end(id, 'SUCCEEDED', true);
      w.events.pop();
    }),
    plain(`job ${i} fails, which nobody hears`, async (w) => {
      await w.end(id, 'FAILED', false);
      w.events.pop();
    }),
  ]);

const ofEvents = (world: ModelWorld): Action[] =>
  world.events.flatMap((id, i) => [
    { name: `hear ${i}`, run: (w, plan) => tell(w, plan, id, false) },
    plain(`hear ${i}, to hear it again`, async (w) => void (await tell(w, null, id, true))),
  ]);

const forget = plain('Glue forgets the ended runs', (w) => {
  const live = w.live.map(({ id }) => id);
  w.jobs = w.live;
  w.events = w.events.filter((id) => live.includes(id));
});

const redrive = plain('redrive', (w) => {
  w.letters -= 1;
  w.messages += 1;
});

/** All that can happen in a world, faults aside. */
export const actionsIn = (world: ModelWorld): Action[] => [
  ...ofMessages(world),
  ...ofJobs(world),
  ...ofEvents(world),
  { name: 'reconcile', run: look },
  ...(world.letters > 0 ? [redrive] : []),
  ...(world.jobs.length > world.live.length ? [forget] : []),
  plain('time passes', (w) => {
    w.seconds += TICK;
  }),
];
