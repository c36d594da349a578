import { deliver, deliverEvent, runReconciler, TICK } from './actions.ts';
import { signature } from './signature.ts';
import { ModelWorld, type State } from './world.ts';

/** Returns the rules that must hold in every state and do not. */
export const brokenInvariants = (world: ModelWorld): string[] => {
  const { stage, committed, active } = world.view();
  const attempts = world.live.map(({ attempt }) => attempt);
  const isSent = (state: string): boolean => stage?.state === state && stage.sent;
  const rules: Record<string, boolean> = {
    'two Glue runs that have not ended write under different attempts': new Set(attempts).size === attempts.length,
    'no Glue run has an attempt above the one of the document': attempts.every(
      (attempt) => attempt <= (stage?.attempt ?? 0),
    ),
    'the next stage is requested only after a commit': world.nextSent === 0 || committed,
    'a stage is closed only after a commit': stage?.state !== 'closed' || committed,
    'a closed stage that is marked as sent has sent': !isSent('closed') || world.nextSent > 0,
    'a dead stage that is marked as sent has left its dead-letter message':
      !isSent('dead') || world.attemptsGivenUp.includes(stage?.attempt ?? 0),
    'a stage that has something to do has an active marker':
      stage === null || isSent('closed') || isSent('dead') || active,
  };
  return Object.entries(rules).flatMap(([rule, holds]) => (holds ? [] : [rule]));
};

/** How all further Glue runs end. */
export type Ending = 'succeed' | 'fail' | 'succeed, events lost' | 'fail, events lost';
export const ENDINGS: readonly Ending[] = ['succeed', 'fail', 'succeed, events lost', 'fail, events lost'];

const endAll = async (world: ModelWorld, ending: Ending): Promise<void> => {
  const succeeds = ending.startsWith('succeed');
  for (const { id } of world.live) await world.end(id, succeeds ? 'SUCCEEDED' : 'FAILED', succeeds);
  if (ending.endsWith('lost')) world.events = [];
};

/** A day without faults: messages are delivered, Glue runs end, events are delivered, the reconciler runs. */
const calmDay = async (world: ModelWorld, ending: Ending): Promise<void> => {
  while (world.messages.length > 0) await deliver(world, null, 'free', false);
  await endAll(world, ending);
  for (const id of world.events) await deliverEvent(world, null, id, false);
  world.seconds += TICK;
  await runReconciler(world, null);
};

const isTerminal = (world: ModelWorld): boolean => {
  const { stage } = world.view();
  const over = stage !== null && (stage.state === 'closed' || stage.state === 'dead') && stage.sent;
  return over && world.messages.length === 0 && world.live.length === 0 && world.events.length === 0;
};

/** Returns what is wrong with a terminal state: it is closed and completed, or dead until a redrive closes it. */
const wrongWithEnd = async (world: ModelWorld): Promise<string[]> => {
  const { stage } = world.view();
  if (stage?.state === 'dead') {
    await world.removeGarbage();
    world.messages.push(stage.attempt);
    for (let day = 0; day < 4; day += 1) await calmDay(world, 'succeed');
    if (world.view().stage?.state !== 'closed') return ['a redrive does not resume the run'];
  }
  return world.nextSent > 0 ? [] : ['closed without a request to the next stage'];
};

const reachesEnd = async (world: ModelWorld, ending: Ending, fine: Set<string>): Promise<string[]> => {
  const passed: string[] = [];
  for (let day = 0; day < 12; day += 1) {
    passed.push(`${ending} ${signature(world)}`);
    const isKnown = passed.some((mark) => fine.has(mark));
    if (!isKnown && !isTerminal(world)) {
      await calmDay(world, ending);
      continue;
    }
    const rules = isKnown ? [] : await wrongWithEnd(world);
    if (rules.length === 0) for (const mark of passed) fine.add(mark);
    return rules;
  }
  return ['it never reaches a terminal state'];
};

/**
 * Returns why a state does not end well once faults stop.
 * @param fine states that are known to end well; grows.
 */
export const neverEndsWell = async (state: State, ending: Ending, fine: Set<string> = new Set()): Promise<string[]> => {
  const world = new ModelWorld(state);
  const { stage, active } = world.view();
  const isUnknown = stage === null && !active;
  if (isUnknown && world.messages.length === 0) {
    if (world.deadLetters.length === 0) return ['the message is lost'];
    world.messages = world.deadLetters.splice(0, 1);
  }
  return (await reachesEnd(world, ending, fine)).map((rule) => `${ending}: ${rule}`);
};
