import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { delimiter, join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const root = resolve(fileURLToPath(new URL('../..', import.meta.url)));
/** The folders that the jobs import from. */
const PYTHON_PATH = ['glue-scripts', 'local'].map((folder) => join(root, folder)).join(delimiter);

/** Runs a script of bench/python and returns its output. It does not block the gateway, which runs in this process. */
export const runScript = async (script: string, args: readonly string[], env = process.env): Promise<string> => {
  const child = spawn(join(root, '.venv', 'bin', 'python'), [join(root, 'bench', 'python', script), ...args], {
    env: { ...env, PYTHONPATH: PYTHON_PATH },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'close')]);
  if (code !== 0) throw new Error(`${script} ended with ${code}`);
  return output;
};
