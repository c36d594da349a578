import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Runs a program. @throws Error with all its output, unless it exits 0 */
export const runProgram = async (program: string, args: readonly string[], cwd = process.cwd()): Promise<string> => {
  const run = promisify(execFile)(program, args, { cwd, maxBuffer: 1 << 26 });
  const { stdout } = await run.catch((error: unknown) => {
    const outputs = ['stdout', 'stderr'].map((name) => Object.getOwnPropertyDescriptor(Object(error), name)?.value);
    throw new Error(`${args.join(' ')} failed:\n${outputs.join('\n')}\n${error}`);
  });
  return stdout;
};
