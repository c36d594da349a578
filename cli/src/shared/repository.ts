import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout this tool belongs to. */
export const ROOT = fileURLToPath(new URL('../../../', import.meta.url)).replace(/\/$/, '');

/** Where `up` keeps its local stack; `put`, `status` and `export` look for it there. */
export const STATE_DIR = join(ROOT, '.music-etl');

export const binary = (name: string): string => join(ROOT, 'node_modules', '.bin', name);
