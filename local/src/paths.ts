import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LocalStackError } from './errors.ts';

const here = fileURLToPath(new URL('.', import.meta.url));
export const localRoot = join(here, '..');
export const repositoryRoot = join(localRoot, '..');

/** The directory of the repository's tools, `node` 24 among them. */
export const toolsDirectory = join(repositoryRoot, 'node_modules', '.bin');
const venvBin = join(repositoryRoot, '.venv', 'bin');

/** Returns the Python of the shared environment, which has MiniStack and the packages that the jobs import. */
export const findPython = (): string => {
  const python = process.env.MUSIC_ETL_PYTHON ?? join(venvBin, 'python');
  if (existsSync(python)) return python;
  throw new LocalStackError(`no Python environment at ${python}: run \`node scripts/setup.mjs\` in ${repositoryRoot}`);
};

export const localFile = (...parts: string[]): string => join(localRoot, ...parts);

/** Returns a PATH of `entries` before the present PATH. */
export const pathWith = (...entries: string[]): string => [...entries, process.env.PATH ?? ''].join(delimiter);
export const toolsPath = (): string => pathWith(toolsDirectory, venvBin);
