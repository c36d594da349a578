/**
 * Many seeds of faults over a small hostile directory, each compared byte for byte with the export of a run without:
 * `node scripts/fault-seeds.mjs --seeds 1-200 --level heavy --workers 4 --results out/fault-seeds.jsonl`.
 * What the results file has is not run again: a call that was interrupted goes on where it was. Exits 0 only if all
 * seeds ended in the same export without a hand. Of a seed that did not, everything lies in `<results>.failed/`.
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
