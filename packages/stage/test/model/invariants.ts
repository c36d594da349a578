import { deliver, look, TICK, tell } from './actions.ts';
import { signature } from './signature.ts';
import { ModelWorld, type State } from './world.ts';

/** What must hold in every state; answers what does not. */
export const broken = (world: ModelWorld): string[] => {
  const { stage, committed, inHand } = world.look();
  const attempts = world.live.map(({ attempt }) => attempt);
  const says = (state: string): boolean => stage?.state === state && stage.sent;
  const rules: Record<string, boolean> = {
    'two Glue runs under way write under different attempts': new Set(attempts).size === attempts.length,
    'no attempt is above the one that the document knows': attempts.every(
      (attempt) => attempt <= (stage?.attempt ?? 0),
    ),
    'only what a run committed is completed': world.nextSent === 0 || committed,
    'only what a run committed is closed': stage?.state !== 'closed' || committed,
    'a closed stage that says sent has sent': !says('closed') || world.nextSent > 0,
    'a dead stage that says sent has left a letter': !says('dead') || world.lettersEver > 0,
    'the reconciler finds what owes something': stage === null || says('closed') || says('dead') || inHand,
  };
  return Object.entries(rules).flatMap(([rule, holds]) => (holds ? [] : [rule]));
};

/** How Glue runs end from now on. */
export type Ending = 'succeed' | 'fail' | 'succeed unheard' | 'fail unheard';
export const ENDINGS: readonly Ending[] = ['succeed', 'fail', 'succeed unheard', 'fail unheard'];

const endAll = async (world: ModelWorld, ending: Ending): Promise<void> => {
  const succeeds = ending.startsWith('succeed');
  for (const { id } of world.live) await world.end(id, succeeds ? 'SUCCEEDED' : 'FAILED', succeeds);
  if (ending.endsWith('unheard')) world.events = [];
};

/** A fair day: what is queued is delivered, what runs ends, what happened is told, the reconciler comes by. */
const fairDay = async (world: ModelWorld, ending: Ending): Promise<void> => {
  while (world.messages > 0) await deliver(world, null, 'open', false);
  await endAll(world, ending);
  for (const id of world.events) await tell(world, null, id, false);
  world.seconds += TICK;
  await look(world, null);
};

const rests = (world: ModelWorld): boolean => {
  const { stage } = world.look();
  const over = stage !== null && (stage.state === 'closed' || stage.state === 'dead') && stage.sent;
  return over && world.messages === 0 && world.live.length === 0 && world.events.length === 0;
};

/** What rests is closed and completed, or dead with a letter that, redriven, closes it. */
const restsWell = async (world: ModelWorld): Promise<string[]> => {
  if (world.look().stage?.state === 'dead') {
    if (world.lettersEver === 0) return ['dead, and there is no letter'];
    await world.patch();
    world.messages += 1;
    for (let day = 0; day < 4; day += 1) await fairDay(world, 'succeed');
    if (world.look().stage?.state !== 'closed') return ['a redriven letter does not resume'];
  }
  return world.nextSent > 0 ? [] : ['closed, and nothing was completed'];
};

const comesToRest = async (world: ModelWorld, ending: Ending, fine: Set<string>): Promise<string[]> => {
  const passed: string[] = [];
  for (let day = 0; day < 12; day += 1) {
    passed.push(`${ending} ${signature(world)}`);
    const isKnown = passed.some((mark) => fine.has(mark));
    if (!isKnown && !rests(world)) {
      await fairDay(world, ending);
      continue;
    }
    const rules = isKnown ? [] : await restsWell(world);
    if (rules.length === 0) for (const mark of passed) fine.add(mark);
    return rules;
  }
  return ['it never comes to rest'];
};

/**
 * What must come of every state once the days are fair; answers what does not.
 * @param fine states of which it is known; what is found out is added.
 */
export const stuck = async (state: State, ending: Ending, fine: Set<string> = new Set()): Promise<string[]> => {
  const world = new ModelWorld(state);
  const { stage, inHand } = world.look();
  const unheardOf = stage === null && !inHand;
  if (unheardOf && world.messages === 0) {
    if (world.letters === 0) return ['the message is lost'];
    world.letters -= 1;
    world.messages += 1;
  }
  return (await comesToRest(world, ending, fine)).map((rule) => `${ending}: ${rule}`);
};
