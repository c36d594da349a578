#!/usr/bin/env node
/** Starts cli/src/main.ts: on the Node that this repository installs, with tsx for TypeScript. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const [major = 0] = process.versions.node.split('.').map(Number);
const installedNode = join(root, 'node_modules', '.bin', 'node');

if (!existsSync(join(root, 'node_modules', 'tsx')) || !existsSync(installedNode)) {
  console.error(`music-etl is not installed yet. Run this first:\n\n  cd ${root} && node scripts/setup.mjs\n`);
  process.exit(1);
}

if (major < 24) {
  const child = spawn(installedNode, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' });
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.on('exit', (code) => process.exit(code ?? 1));
} else {
  const { register } = await import('tsx/esm/api');
  register();
  const { main } = await import('../src/main.ts');
  process.exitCode = await main(process.argv);
}
