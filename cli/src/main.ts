import { Command, CommanderError } from 'commander';
import { addBackfill } from './backfill/command.ts';
import { addDemo } from './demo/command.ts';
import { addForgetUser } from './erasure/command.ts';
import { addExplain } from './explain/command.ts';
import { addExport } from './export/command.ts';
import { addPut } from './put/command.ts';
import { addQuarantine } from './quarantine/command.ts';
import { addRedrive } from './redrive/command.ts';
import { addRun } from './run/command.ts';
import { explainError } from './shared/explain-error.ts';
import { WIDTH } from './shared/format.ts';
import { isInterrupted } from './shared/interrupt.ts';
import { addStack } from './stack/command.ts';
import { addStatus } from './status/command.ts';

const ADD = [
  ...[addStack, addPut, addStatus, addRedrive, addQuarantine, addExplain, addBackfill, addForgetUser],
  ...[addRun, addExport, addDemo],
];

const buildProgram = (): Command => {
  const program = new Command('music-etl')
    .description(
      'Turns files of listening events into daily KPIs. The target is the AWS endpoint that the environment names, ' +
        'else the local stack that `up` started, else AWS.',
    )
    .version('1.0.0')
    .configureHelp({ helpWidth: Math.min(process.stdout.columns ?? WIDTH, 100) })
    .showHelpAfterError('(see --help)')
    .exitOverride();
  for (const add of ADD) add(program);
  return program;
};

/** Runs one command and returns the exit code. */
export const main = async (argv: readonly string[]): Promise<number> => {
  // A reader that has seen enough (`| head`) is no error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
  try {
    await buildProgram().parseAsync(argv);
    return Number(process.exitCode ?? 0);
  } catch (error) {
    // The handler of the interruption ends this process after the clean-up.
    if (isInterrupted()) return new Promise(() => {});
    // Commander has printed the error, or the help.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    const { lines, exitCode } = explainError(error);
    for (const line of lines) console.error(line);
    return exitCode;
  }
};
