/** `npm start` sets the checkout up, then runs the whole pipeline with sample data (`music-etl demo`). */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { root, setupOrExit, toolEnv } from './setup.mjs';

const began = Date.now();
setupOrExit();

const node = join(root, 'node_modules', '.bin', 'node');
const args = [join(root, 'cli', 'bin', 'music-etl.mjs'), 'demo', ...process.argv.slice(2)];
const env = { ...toolEnv(), MUSIC_ETL_SETUP_MS: String(Date.now() - began) };
const child = spawn(node, args, { cwd: root, stdio: 'inherit', env });

// Ctrl-C reaches the whole process group: the demo cleans up, and this process waits. SIGTERM is passed on.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => child.kill('SIGTERM'));
child.on('error', (error) => {
  console.error(`start: ${error.message}`);
  process.exit(1);
});
child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
