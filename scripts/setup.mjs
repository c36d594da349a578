/**
 * Makes a checkout ready: npm packages, the Python environment .venv, generated contracts. Only Node's own modules, and
 * nothing is done twice: when nothing changed it takes milliseconds. Run alone by `node scripts/setup.mjs`.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = resolve(fileURLToPath(new URL('..', import.meta.url)));
const bin = join(root, 'node_modules', '.bin');
const venv = join(root, '.venv');
const venvPython = join(venv, 'bin', 'python');
const requirements = ['local/requirements.txt', 'glue-scripts/requirements-dev.txt'];

export class SetupError extends Error {}

const readJson = (path) => {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
};
const readText = (path) => (existsSync(path) ? readFileSync(path, 'utf8') : '');
const hash = (parts) => createHash('sha256').update(parts.join('\0')).digest('hex');

/** The environment without our node_modules/.bin: npm must not run on a `node` that it is about to replace. */
const outerEnv = () => ({
  ...process.env,
  PATH: (process.env.PATH ?? '')
    .split(delimiter)
    .filter((entry) => !entry.startsWith(root))
    .join(delimiter),
});

/** What everything else runs with: Node 24 and the tools of node_modules and .venv first. */
export const toolEnv = () => ({
  ...process.env,
  PATH: [bin, join(venv, 'bin'), outerEnv().PATH].join(delimiter),
});

const run = (what, command, args, options = {}) => {
  const done = spawnSync(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], ...options });
  if (done.error) throw new SetupError(`${what}: cannot run ${command}: ${done.error.message}`);
  if (done.status !== 0) {
    throw new SetupError(`${what} failed: \`${command} ${args.join(' ')}\` ended with ${done.status ?? done.signal}`);
  }
};

const step = (label, work) => {
  const began = Date.now();
  console.log(`setup: ${label} …`);
  work();
  console.log(`setup: ${label} done in ${((Date.now() - began) / 1000).toFixed(1)} s`);
};

/** Whether node_modules holds what package-lock.json lists, by npm's own record of what it installed. */
const nodeModulesCurrent = () => {
  const wanted = readJson(join(root, 'package-lock.json'))?.packages;
  const have = readJson(join(root, 'node_modules', '.package-lock.json'))?.packages;
  if (!wanted || !have || !existsSync(join(bin, 'node'))) return false;
  return Object.entries(wanted).every(([path, entry]) => {
    if (!path.startsWith('node_modules/')) return true;
    const installed = have[path];
    if (!installed) return Boolean(entry.optional);
    return Boolean(entry.link) === Boolean(installed.link) && installed.version === entry.version;
  });
};

const installNodeModules = () => {
  if (nodeModulesCurrent()) return;
  step('installing npm packages (npm ci)', () => {
    run('npm ci', 'npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { env: outerEnv() });
    const node = spawnSync(join(bin, 'node'), ['-v'], { encoding: 'utf8' });
    if (node.status !== 0) {
      throw new SetupError(
        'npm ci did not bring Node 24 (node_modules/.bin/node does not run). If your npm is set to ignore install ' +
          'scripts, allow them for the package "node" and run `npm ci` again.',
      );
    }
  });
};

const findPython = () => {
  const names = ['python3', 'python3.14', 'python3.13', 'python3.12', 'python3.11', 'python3.10'];
  const probe = 'import sys; print("%d.%d.%d" % sys.version_info[:3])';
  const found = [];
  for (const name of process.env.PYTHON ? [process.env.PYTHON, ...names] : names) {
    const probed = spawnSync(name, ['-c', probe], { encoding: 'utf8', env: outerEnv() });
    if (probed.status !== 0) continue;
    const version = probed.stdout.trim();
    const [major = 0, minor = 0] = version.split('.').map(Number);
    if (major === 3 && minor >= 10) return { name, version };
    found.push(`${name} is ${version}`);
  }
  throw new SetupError(
    `Python 3.10 or newer is needed (${found.join(', ') || 'no python3 is on PATH'}). ` +
      'Install it, or name one: PYTHON=/path/to/python3',
  );
};

const installPython = () => {
  const files = requirements.map((path) => join(root, path));
  const missing = requirements.filter((_, i) => !existsSync(files[i]));
  if (missing.length > 0) throw new SetupError(`missing in this checkout: ${missing.join(', ')}`);
  const stampPath = join(venv, '.music-etl-stamp');
  const wanted = hash(files.map(readText));
  if (readText(stampPath) === wanted && existsSync(venvPython)) return;
  const python = findPython();
  step(`installing Python packages into .venv (Python ${python.version})`, () => {
    rmSync(stampPath, { force: true });
    const ready = existsSync(venvPython) && spawnSync(venvPython, ['-m', 'pip', '--version']).status === 0;
    if (!ready) {
      rmSync(venv, { recursive: true, force: true });
      const made = spawnSync(python.name, ['-m', 'venv', venv], { encoding: 'utf8', env: outerEnv() });
      if (made.status !== 0) {
        rmSync(venv, { recursive: true, force: true });
        throw new SetupError(
          `cannot make the Python environment with ${python.name} -m venv; ` +
            `on Debian and Ubuntu install python3-venv.\n${made.stdout}${made.stderr}`,
        );
      }
    }
    // One after the other: the emulator and the jobs are pinned apart, and where they differ the jobs' pins win.
    const args = ['-m', 'pip', 'install', '--disable-pip-version-check', '--quiet', '--require-hashes', '-r'];
    for (const file of files) run('pip install', venvPython, [...args, file]);
    writeFileSync(stampPath, wanted);
  });
};

const sources = (dir) =>
  readdirSync(join(root, dir), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .sort()
    .map((path) => path + readText(join(root, dir, path)));

const generate = () => {
  const generated = join(root, 'glue-scripts', 'contracts', 'generated');
  const stampPath = join(root, 'node_modules', '.cache', 'music-etl-generated');
  const wanted = hash([...sources('packages/contracts/src'), ...sources('packages/contracts/scripts')]);
  const outputs = existsSync(generated) ? readdirSync(generated).length : 0;
  if (outputs > 0 && readText(stampPath) === wanted) return;
  step('generating contracts', () => {
    run('npm run generate', 'npm', ['run', '--silent', 'generate'], { env: toolEnv() });
    mkdirSync(join(root, 'node_modules', '.cache'), { recursive: true });
    writeFileSync(stampPath, wanted);
  });
};

/** Brings the checkout up to date; throws SetupError with what to do. */
export const setup = () => {
  const [major = 0] = process.versions.node.split('.').map(Number);
  if (major < 20) throw new SetupError(`Node 20 or newer is needed; this is ${process.version}`);
  installNodeModules();
  installPython();
  generate();
};

/** Runs setup and ends the process with a plain message where it cannot be done. */
export const setupOrExit = () => {
  try {
    setup();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    console.error(`setup: ${error.message}`);
    process.exit(1);
  }
};

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  setupOrExit();
  console.log('setup: ready');
}
