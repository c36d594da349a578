/**
 * `npm test` sets the checkout up, runs every check and says at the end which failed.
 * `npm test -- unit pytest` runs only those.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root, setupOrExit, toolEnv } from './setup.mjs';

const bin = (name) => join(root, 'node_modules', '.bin', name);
const python = join(root, '.venv', 'bin', 'python');
const glue = join(root, 'glue-scripts');

const CHECKS = [
  { name: 'biome', what: 'format and lint of TypeScript', command: bin('biome'), args: ['check', '.'] },
  { name: 'tsc', what: 'types of TypeScript', command: bin('tsc'), args: ['--noEmit', '-p', 'tsconfig.json'] },
  {
    name: 'words',
    what: "the project's vocabulary and readable documents",
    command: bin('node'),
    args: ['scripts/words.mjs'],
  },
  {
    name: 'sizes',
    what: 'lengths of files, functions and test names',
    command: bin('node'),
    args: ['scripts/sizes.mjs'],
  },
  { name: 'knip', what: 'unused files, exports and dependencies of TypeScript', command: bin('knip'), args: [] },
  {
    name: 'depcruise',
    what: 'module boundaries of TypeScript',
    command: bin('depcruise'),
    args: ['--config', '.dependency-cruiser.cjs', 'services', 'packages', 'local', 'cli', 'e2e', 'bench'],
  },
  {
    name: 'picture',
    what: 'the pictures of docs/architecture.md',
    command: bin('node'),
    args: ['scripts/picture.mjs', '--check'],
  },
  {
    name: 'ruff',
    what: 'lint of Python',
    command: python,
    args: ['-m', 'ruff', 'check', '.', '../local', '../bench'],
    cwd: glue,
  },
  {
    name: 'ruff-format',
    what: 'format of Python',
    command: python,
    args: ['-m', 'ruff', 'format', '--check', '.', '../local', '../bench'],
    cwd: glue,
  },
  { name: 'mypy', what: 'types of Python', command: python, args: ['-m', 'mypy', '.'], cwd: glue },
  {
    name: 'import-linter',
    what: 'module boundaries of Python',
    command: join(root, '.venv', 'bin', 'lint-imports'),
    args: [],
    cwd: glue,
  },
  { name: 'vulture', what: 'unused code of Python', command: python, args: ['-m', 'vulture'], cwd: glue },
  { name: 'unit', what: 'unit tests (jest)', command: bin('jest'), args: ['--selectProjects', 'unit'] },
  { name: 'pytest', what: 'rules and jobs (pytest)', command: python, args: ['-m', 'pytest'], cwd: glue },
  {
    name: 'e2e',
    what: 'the pipeline on the local stack (jest)',
    command: bin('jest'),
    // One local stack at a time: they would only take each other's two cores.
    args: ['--selectProjects', 'e2e', '--runInBand'],
  },
];

const chosen = process.argv.slice(2);
if (chosen.includes('--help')) {
  console.log('npm test runs every check; npm test -- NAME … runs only these:');
  for (const { name, what } of CHECKS) console.log(`  ${name.padEnd(14)} ${what}`);
  process.exit(0);
}
const unknown = chosen.filter((name) => !CHECKS.some((check) => check.name === name));
if (unknown.length > 0) {
  console.error(`test: no check is called ${unknown.join(', ')}; there are ${CHECKS.map((c) => c.name).join(', ')}`);
  process.exit(2);
}

setupOrExit();

const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`;
const results = CHECKS.filter((check) => chosen.length === 0 || chosen.includes(check.name)).map((check) => {
  console.log(`\n=== ${check.name}: ${check.what}`);
  const began = Date.now();
  const done = spawnSync(check.command, check.args, {
    cwd: check.cwd ?? root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: toolEnv(),
  });
  if (done.error) console.error(`${check.name}: cannot run ${check.command}: ${done.error.message}`);
  return { name: check.name, ok: done.status === 0, ms: Date.now() - began };
});

console.log('\n=== summary');
for (const { name, ok, ms } of results)
  console.log(`${ok ? 'ok    ' : 'FAILED'}  ${name.padEnd(12)} ${seconds(ms).padStart(8)}`);
const failed = results.filter((result) => !result.ok);
console.log(failed.length === 0 ? 'all checks passed' : `${failed.length} of ${results.length} checks failed`);
process.exit(failed.length === 0 ? 0 : 1);
