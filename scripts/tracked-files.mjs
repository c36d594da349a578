import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './setup.mjs';

/** Lists the files that git tracks, or would, by their paths from the root; those whose endings match. */
export const trackedFiles = (endings) =>
  execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: root, encoding: 'utf8' })
    .split('\n')
    .filter((path) => endings.test(path) && existsSync(join(root, path)));
