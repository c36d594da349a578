import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { onInterrupt, readStack, startFoundStack, stopFoundStack, stopStarted } from '../shared/context.ts';
import { duration } from '../shared/format.ts';
import { STATE_DIR } from '../shared/repository.ts';
import { openScreen } from '../shared/screen.ts';
import { deployInto } from './deploy.ts';
import { parseEngine } from './engines.ts';

const up = async (engine: string): Promise<void> => {
  parseEngine(engine);
  const screen = openScreen(process.stdout);
  const running = await readStack();
  if (!running) screen.line('starting the local stack');
  const began = Date.now();
  const starting = running ? Promise.resolve(running) : startFoundStack();
  const undo = onInterrupt(async () => (running ? undefined : stopStarted(starting)));
  try {
    const localStack = await starting;
    screen.line(
      running
        ? `the local stack is up already at ${localStack.endpoint}; deploying what changed`
        : `the local stack is up at ${localStack.endpoint}; deploying five services`,
    );
    await deployInto(join(STATE_DIR, 'deploy'))(localStack, screen);
  } finally {
    undo();
  }
  screen.line(
    `ready after ${duration(Date.now() - began)}. Next: npx music-etl put FILE…, npx music-etl status --watch, npx music-etl down`,
  );
};

const down = async (keepState: boolean): Promise<void> => {
  const screen = openScreen(process.stdout);
  const running = await readStack();
  if (running) {
    screen.progress('stopping the local stack');
    await stopFoundStack();
  }
  if (!keepState) await rm(STATE_DIR, { recursive: true, force: true });
  const state = keepState ? `; its state is kept in ${STATE_DIR}` : '';
  screen.line((running ? 'the local stack is stopped' : 'no local localStack was running') + state);
};

export const addStack = (program: Command): void => {
  program
    .command('up')
    .description('start the local stack, deploy the five services into it and keep it')
    .option('--engine <engine>', 'what runs the rules', 'duckdb')
    .action((options: { engine: string }) => up(options.engine));
  program
    .command('down')
    .description('stop the local stack and leave nothing running')
    .option('--keep-state', 'keep its data for the next `up`')
    .action((options: { keepState?: boolean }) => down(options.keepState ?? false));
};
