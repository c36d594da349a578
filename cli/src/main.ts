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
import { isInterrupted } from './shared/interrupt.ts';
import { addStack } from './stack/command.ts';
import { addStatus } from './status/command.ts';

const buildProgram = (): Command => {
  const program = new Command('music-etl')
    .description(
      'Files of listening events become daily KPIs. Talks to the AWS endpoint that the environment names, else to the local stack that `up` started, else to AWS.',
    )
    .version('1.0.0')
    .showHelpAfterError('(--help shows what there is)')
    .exitOverride();
  addStack(program);
  addPut(program);
  addStatus(program);
  addRedrive(program);
  addQuarantine(program);
  addExplain(program);
  addBackfill(program);
  addForgetUser(program);
  addRun(program);
  addExport(program);
  addDemo(program);
  return program;
};

/** Runs one command; gives the exit code. */
export const main = async (argv: readonly string[]): Promise<number> => {
  // A reader that has seen enough (`| head`) is no error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
  try {
    await buildProgram().parseAsync(argv);
    return Number(process.exitCode ?? 0);
  } catch (error) {
    // The handler of the interruption ends this process once all is cleaned up.
    if (isInterrupted()) return new Promise(() => {});
    // Commander has said what is wrong, or shown the help that was asked for.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    const { lines, exitCode } = explainError(error);
    for (const line of lines) console.error(line);
    return exitCode;
  }
};
