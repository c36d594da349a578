import type { Command } from 'commander';
import { addReject, addRelease } from './decide-command.ts';
import { addList } from './list-command.ts';
import { addReplay } from './replay-command.ts';
import { addShow } from './show-command.ts';

/** Adds `quarantine` and its subcommands. */
export const addQuarantine = (program: Command): void => {
  const quarantine = program
    .command('quarantine')
    .description('quarantined rows: of the current version of a file, and of a newer one on hold');
  addList(quarantine);
  addShow(quarantine);
  addReplay(quarantine);
  addRelease(quarantine);
  addReject(quarantine);
};
