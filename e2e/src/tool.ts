import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { runProgram } from './program.ts';

const TOOL = join(process.cwd(), 'cli', 'bin', 'music-etl.mjs');

const Summary = z.object({
  ok: z.boolean(),
  faults: z.object({ injected: z.record(z.string(), z.number()), attempts: z.number() }).optional(),
});
export type Summary = z.infer<typeof Summary>;

/** Runs `music-etl run DIR --export OUT --json …`. @throws Error with all its output, unless it exits 0 */
export const runTool = async (dir: string, out: string, ...more: string[]): Promise<Summary> => {
  const args = [TOOL, 'run', dir, '--export', out, '--json', ...more];
  return Summary.parse(JSON.parse(await runProgram(process.execPath, args)));
};

/** Returns the content of every file of an export, by name. */
export const readExport = async (dir: string): Promise<Record<string, string>> => {
  const names = (await readdir(dir)).sort();
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await readFile(join(dir, name), 'utf8')])),
  );
};
