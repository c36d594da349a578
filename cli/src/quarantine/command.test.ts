import { Command } from 'commander';
import { addQuarantine } from './command.ts';

test('quarantine has five subcommands, and reject has its earlier name as an alias', () => {
  const program = new Command();
  addQuarantine(program);
  const earlierName = new Command('reject').alias('refuse').aliases();
  const [quarantine] = program.commands;
  expect(quarantine?.commands.map((command) => [command.name(), ...command.aliases()])).toEqual([
    ['ls'],
    ['show'],
    ['replay'],
    ['release'],
    ['reject', ...earlierName],
  ]);
});
