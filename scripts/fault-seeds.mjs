/**
 * Runs a small hostile directory with many seeds of faults, and compares each export byte for byte with that of a run
 * without faults:
 * `node scripts/fault-seeds.mjs --seeds 1-200 --level heavy --workers 4 --results out/fault-seeds.jsonl`.
 * It skips seeds that have a result, so a call continues an interrupted one. It exits 0 only if all exports are equal.
 * The evidence of every other seed is in `<results>.failed/`.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root, setupOrExit, toolEnv } from './setup.mjs';

setupOrExit();
const main = join(root, 'e2e', 'src', 'seeds', 'main.ts');
const node = join(root, 'node_modules', '.bin', 'node');
const done = spawnSync(node, ['--import', 'tsx', main, ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
  env: toolEnv(),
});
if (done.error) console.error(`fault-seeds: cannot run ${node}: ${done.error.message}`);
process.exit(done.status ?? 1);
