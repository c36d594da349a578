import { join } from 'node:path';
import { realClock } from '../shared/clock.ts';
import { count, duration, many } from '../shared/format.ts';
import { onInterrupt } from '../shared/interrupt.ts';
import { TIMELINE_HEAD } from '../shared/pipeline/watch.ts';
import type { Screen } from '../shared/ports.ts';
import { reachTarget } from '../shared/reach.ts';
import { deployInto } from '../stack/deploy.ts';
import { stackTarget, stopStarted } from '../stack/running-stack.ts';
import { type StackInDirectory, startTemporaryStack } from '../stack/temporary-stack.ts';
import { startDemoStack } from './demo-stack.ts';
import { makeSample } from './sample/make-sample.ts';
import { type DemoSample, showSample } from './show-sample.ts';
import { INTRO, NEXT, NEXT_AFTER_ONCE, STAYS_UP } from './texts.ts';
import { watchDays } from './watch-days.ts';
import { writeSample } from './write-sample.ts';

const PATIENCE = { quietMs: 10_000, stallMs: 10 * 60_000 };

export interface DemoOptions {
  /** Stops the stack at the end. */
  once: boolean;
  seed: number;
  /** How long `npm start` took to set up; 0 where it was set up before. */
  setupMs: number;
}

const prepareSample = async ({ seed }: DemoOptions, dir: string, screen: Screen): Promise<DemoSample> => {
  const sample = makeSample({ seed, today: new Date().toISOString().slice(0, 10) });
  const waves = await writeSample(sample, dir);
  const streams = sample.files.filter(({ kind }) => kind === 'stream').length;
  const lastDate = sample.dates.at(-1) ?? '';
  const size = `${count(sample.rows)} rows in ${many(streams, 'file')}`;
  screen.line(`sample: ${size}, ${sample.dates[0]} to ${lastDate}; 1 row in 100 is wrong`);
  const wrong = Object.values(sample.quarantined).reduce((sum, rows) => sum + rows, 0);
  return { waves, lastDate, wrong };
};

const showOn = async (stack: StackInDirectory, options: DemoOptions, screen: Screen): Promise<void> => {
  await deployInto(join(stack.dir, 'deploy'))(stack, screen);
  const sample = await prepareSample(options, join(stack.dir, 'sample'), screen);
  screen.line('');
  screen.line(TIMELINE_HEAD);
  const reached = reachTarget(stackTarget(stack));
  try {
    const deps = { reached, screen, clock: realClock, patience: PATIENCE };
    const { ok, snapshot } = await showSample(deps, sample);
    if (!ok) process.exitCode = 1;
    for (const text of options.once ? NEXT_AFTER_ONCE : NEXT) screen.line(text);
    if (options.once || !ok) return;
    for (const text of STAYS_UP) screen.line(text);
    await watchDays(reached, screen, snapshot);
  } finally {
    reached.close();
  }
};

/** Runs the demo: starts a stack, deploys, sends the sample through; stays up on a terminal. */
export const demo = async (options: DemoOptions, screen: Screen): Promise<void> => {
  for (const text of INTRO) screen.line(text);
  screen.line('');
  if (options.setupMs > 1000) screen.line(`setup took ${duration(options.setupMs)}`);
  const began = Date.now();
  const starting = options.once ? startTemporaryStack() : startDemoStack();
  const undo = onInterrupt(() => stopStarted(starting));
  try {
    const stack = await starting;
    const took = duration(Date.now() - began);
    screen.line(`the local stack is up at ${stack.endpoint} after ${took}; deploying:`);
    await showOn(stack, options, screen);
  } finally {
    await stopStarted(starting);
    undo();
  }
};
