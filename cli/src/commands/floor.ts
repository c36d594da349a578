import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { deployInto } from '../adapters/deploy.ts';
import { STATE_DIR } from '../adapters/repository.ts';
import { openScreen } from '../adapters/screen.ts';
import { parseEngine } from '../domain/engines.ts';
import { duration } from '../domain/format.ts';
import { onInterrupt, readFloor, startFoundFloor, stopFoundFloor, stopStarted } from './context.ts';

const up = async (engine: string): Promise<void> => {
  parseEngine(engine);
  const screen = openScreen(process.stdout);
  const running = await readFloor();
  if (!running) screen.line('starting the local floor');
  const began = Date.now();
  const starting = running ? Promise.resolve(running) : startFoundFloor();
  const undo = onInterrupt(async () => (running ? undefined : stopStarted(starting)));
  try {
    const floor = await starting;
    screen.line(
      running
        ? `the floor is up already at ${floor.endpoint}; deploying what changed`
        : `the floor is up at ${floor.endpoint}; deploying five services`,
    );
    await deployInto(join(STATE_DIR, 'deploy'))(floor, screen);
  } finally {
    undo();
  }
  screen.line(
    `ready after ${duration(Date.now() - began)}. Next: npx music-etl put FILE…, npx music-etl status --watch, npx music-etl down`,
  );
};

const down = async (keepState: boolean): Promise<void> => {
  const screen = openScreen(process.stdout);
  const running = await readFloor();
  if (running) {
    screen.progress('stopping the local floor');
    await stopFoundFloor();
  }
  if (!keepState) await rm(STATE_DIR, { recursive: true, force: true });
  const state = keepState ? `; its state is kept in ${STATE_DIR}` : '';
  screen.line((running ? 'the local floor is stopped' : 'no local floor was running') + state);
};

export const addFloor = (program: Command): void => {
  program
    .command('up')
    .description('start the local floor, deploy the five services into it and keep it')
    .option('--engine <engine>', 'what runs the rules', 'duckdb')
    .action((options: { engine: string }) => up(options.engine));
  program
    .command('down')
    .description('stop the local floor and leave nothing running')
    .option('--keep-state', 'keep its data for the next `up`')
    .action((options: { keepState?: boolean }) => down(options.keepState ?? false));
};
