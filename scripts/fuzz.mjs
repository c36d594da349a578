/**
 * Runs the fuzzers with many cases: `node scripts/fuzz.mjs [--cases 10000] [--seed 1]`. Mutated files go through ingest
 * and validate, and in every fourth run through kpi and load. Mutated messages, events and documents go to every
 * handler. The daily tests run the same with fewer cases.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root, toolEnv } from './setup.mjs';

const { values } = parseArgs({
  options: { cases: { type: 'string', default: '10000' }, seed: { type: 'string', default: '1' } },
});
const cases = Number(values.cases);
if (!Number.isInteger(cases) || cases < 1) {
  console.error(`fuzz: --cases is a number of files, not ${values.cases}`);
  process.exit(2);
}

/** The number of properties over messages, which share the cases. */
const PROPERTIES = 9;
const env = {
  ...toolEnv(),
  FUZZ_CASES: String(cases),
  FUZZ_SEED: values.seed,
  FUZZ_MESSAGES: String(Math.ceil(cases / PROPERTIES)),
};

const RUNS = [
  {
    what: `${cases} messages, events and documents`,
    command: join(root, 'node_modules', '.bin', 'jest'),
    args: ['--selectProjects', 'unit', '--testPathPatterns', 'fuzz\\.test\\.ts$', '--testTimeout', '600000'],
    cwd: root,
  },
  {
    what: `${cases} files, seed ${values.seed}`,
    command: join(root, '.venv', 'bin', 'python'),
    args: ['-m', 'pytest', 'tests/fuzz', '--durations', '3'],
    cwd: join(root, 'glue-scripts'),
  },
];

const failed = RUNS.filter(({ what, command, args, cwd }) => {
  const began = Date.now();
  console.log(`\n=== ${what}`);
  const { status, error } = spawnSync(command, args, { cwd, env, stdio: ['ignore', 'inherit', 'inherit'] });
  if (error) console.error(`fuzz: cannot run ${command}: ${error.message}`);
  console.log(`=== ${status === 0 ? 'nothing found' : 'FAILED'} after ${((Date.now() - began) / 1000).toFixed(0)} s`);
  return status !== 0;
});
process.exit(failed.length === 0 ? 0 : 1);
