/**
 * `npm run bench` sets the checkout up, measures, and prints one table per part (bench/README.md).
 * `npm run bench -- --full` adds ten million listens. `npm run bench -- jobs history stack` runs only those parts.
 */
import { spawnSync } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { root, setupOrExit, toolEnv } from './setup.mjs';

const python = join(root, '.venv', 'bin', 'python');
const node = join(root, 'node_modules', '.bin', 'node');
const script = (name) => join(root, 'bench', 'python', name);

const env = {
  ...toolEnv(),
  PYTHONPATH: ['glue-scripts', 'local'].map((folder) => join(root, folder)).join(delimiter),
};

const options = process.argv.slice(2).filter((arg) => arg.startsWith('--'));
const chosen = process.argv.slice(2).filter((arg) => !arg.startsWith('--'));
const sizes = options.includes('--full') ? '100000,1000000,10000000' : '100000,1000000';

const PARTS = {
  jobs: [python, [script('jobs_against_copying.py'), '--sizes', sizes]],
  history: [python, [script('history.py')]],
  stack: [node, ['--import', 'tsx', join(root, 'bench', 'src', 'stack.ts')]],
};

const wrong = [
  ...options.filter((option) => !['--full', '--quick'].includes(option)),
  ...chosen.filter((name) => !(name in PARTS)),
];
if (wrong.length > 0) {
  console.error(
    `bench: no part or option ${wrong.join(', ')}; use --quick (the default), --full, ${Object.keys(PARTS).join(', ')}`,
  );
  process.exit(2);
}

setupOrExit();
let failed = false;
for (const [name, [command, args]] of Object.entries(PARTS)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue;
  const done = spawnSync(command, args, { cwd: root, stdio: 'inherit', env });
  if (done.error) console.error(`bench: cannot run ${command}: ${done.error.message}`);
  failed ||= done.status !== 0;
}
process.exit(failed ? 1 : 0);
