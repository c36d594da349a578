import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout that this tool belongs to. */
export const ROOT = fileURLToPath(new URL('../../../', import.meta.url)).replace(/\/$/, '');

/** Where `up` keeps its local stack, and the other commands look for it. */
export const STATE_DIR = join(ROOT, '.music-etl');

/** Returns the path of an installed command. */
export const binary = (name: string): string => join(ROOT, 'node_modules', '.bin', name);
