import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { duration } from '../shared/format.ts';
import { onInterrupt } from '../shared/interrupt.ts';
import { STATE_DIR } from '../shared/repository.ts';
import { openScreen } from '../shared/screen.ts';
import { deployInto } from './deploy.ts';
import { parseEngine } from './engines.ts';
import { findKeptStack, startKeptStack, stopStarted } from './running-stack.ts';

const up = async (engine: string): Promise<void> => {
  parseEngine(engine);
  const screen = openScreen(process.stdout);
  const running = await findKeptStack();
  if (!running) screen.line('starting the local stack');
  const began = Date.now();
  const starting = running ? Promise.resolve(running) : startKeptStack();
  const undo = onInterrupt(async () => (running ? undefined : stopStarted(starting)));
  try {
    const stack = await starting;
    screen.line(
      running
        ? `the local stack is up already at ${stack.endpoint}; deploying what changed`
        : `the local stack is up at ${stack.endpoint}; deploying the services`,
    );
    await deployInto(join(STATE_DIR, 'deploy'))(stack, screen);
  } finally {
    undo();
  }
  screen.line(`ready after ${duration(Date.now() - began)}. Next:`);
  for (const command of ['put FILE…', 'status --watch', 'down']) screen.line(`  npx music-etl ${command}`);
};

const down = async (keepState: boolean): Promise<void> => {
  const screen = openScreen(process.stdout);
  const running = await findKeptStack();
  if (running) {
    screen.progress('stopping the local stack');
    await running.stop();
  }
  if (!keepState) await rm(STATE_DIR, { recursive: true, force: true });
  screen.line(running ? 'the local stack is stopped' : 'no local stack is up');
  if (keepState) screen.line(`its state is kept in ${STATE_DIR}`);
};

/** Adds `up` and `down`. */
export const addStack = (program: Command): void => {
  program
    .command('up')
    .description('start the local stack, deploy the services to it and keep it running')
    .option('--engine <engine>', 'the engine that computes', 'duckdb')
    .action((options: { engine: string }) => up(options.engine));
  program
    .command('down')
    .description('stop the local stack; leave no process and no state')
    .option('--keep-state', 'keep its state for the next `up`')
    .action((options: { keepState?: boolean }) => down(options.keepState ?? false));
};
