import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';

const TOOL = join(process.cwd(), 'cli', 'bin', 'music-etl.mjs');
const TESTS = join(process.cwd(), 'glue-scripts', 'tests');
const PYTHON = join(process.cwd(), '.venv', 'bin', 'python');

const Summary = z.object({
  ok: z.boolean(),
  faults: z.object({ injected: z.record(z.string(), z.number()), attempts: z.number() }).optional(),
});
export type Summary = z.infer<typeof Summary>;

const saidBy = (error: unknown): string =>
  ['stdout', 'stderr'].map((name) => Object.getOwnPropertyDescriptor(Object(error), name)?.value ?? '').join('\n');

/** `music-etl run DIR --export OUT --json …` as a person would type it. @throws with all it said, unless it exits 0. */
export const runTool = async (dir: string, out: string, ...more: string[]): Promise<Summary> => {
  const args = [TOOL, 'run', dir, '--export', out, '--json', ...more];
  const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 1 << 26 }).catch(
    (error: unknown) => {
      throw new Error(`music-etl run ${dir} ${more.join(' ')} failed:\n${saidBy(error)}`);
    },
  );
  return Summary.parse(JSON.parse(stdout));
};

/** The plain hostile directory of a seed: what `run` takes. */
export const plainHostile = async (seed: number, dir: string): Promise<void> => {
  await promisify(execFile)(PYTHON, ['-m', 'oracle.hostile', String(seed), dir, '--plain'], { cwd: TESTS });
};

/** Every file of an export and what is in it. */
export const readExport = async (dir: string): Promise<Record<string, string>> => {
  const names = (await readdir(dir)).sort();
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await readFile(join(dir, name), 'utf8')])),
  );
};
