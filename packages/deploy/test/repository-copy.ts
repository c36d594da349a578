import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Links the installed packages. Workspaces are linked as they are here, so they are those of the copy. */
const linkPackages = (root: string): void => {
  const modules = join(root, 'node_modules');
  mkdirSync(join(modules, '@music-etl'), { recursive: true });
  for (const name of readdirSync('node_modules')) {
    if (name !== '@music-etl') symlinkSync(join(process.cwd(), 'node_modules', name), join(modules, name));
  }
  for (const name of readdirSync('node_modules/@music-etl')) {
    symlinkSync(readlinkSync(join('node_modules/@music-etl', name)), join(modules, '@music-etl', name));
  }
};

/** Copies the repository, with its tests, for a walk of docs/extend.md. Returns the copy's folder. */
export const copyRepository = (): string => {
  const root = mkdtempSync(join(tmpdir(), 'walk-'));
  const list = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  for (const path of execFileSync('git', list, { encoding: 'utf8' }).split('\0')) {
    if (path !== '' && existsSync(path)) cpSync(path, join(root, path));
  }
  linkPackages(root);
  return root;
};

/** Inserts an entry before a text that the file has once. */
export const insert = (path: string, entry: string, before: string): void => {
  const [head, tail, ...more] = readFileSync(path, 'utf8').split(before);
  if (tail === undefined || more.length > 0) throw new Error(`${path} does not have "${before}" once`);
  writeFileSync(path, `${head}${entry}${before}${tail}`);
};

/** Writes a file of the copy, and its folder. */
export const write = (path: string, content: string): void => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
};

/** Derives all that is generated from the contracts. */
export const generate = (root: string): void => {
  const tsx = join(root, 'node_modules/tsx/dist/cli.mjs');
  for (const script of ['generate', 'publish']) {
    execFileSync(process.execPath, [tsx, `packages/contracts/scripts/${script}.ts`], { cwd: root, stdio: 'pipe' });
  }
};

/** Runs the copy's own unit tests below some folders, and its Python tests of contracts. Throws with their output. */
export const runTests = (root: string, folders: readonly string[]): void => {
  const jest = join(root, 'node_modules/jest/bin/jest.js');
  const patterns = ['--selectProjects', 'unit', '--testPathPatterns', ...folders];
  execFileSync(process.execPath, [jest, ...patterns], { cwd: root, stdio: 'pipe' });
  const python = join(process.cwd(), '.venv/bin/python');
  const cwd = join(root, 'glue-scripts');
  execFileSync(python, ['-m', 'pytest', '-q', 'tests/unit/contracts'], { cwd, stdio: 'pipe' });
};
