import { mkdtemp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runModule } from './python.ts';

/** Reference data, and uploads in order. */
export interface Hostile {
  readonly songs: Buffer;
  readonly users: Buffer;
  readonly uploads: readonly { readonly key: string; readonly body: Buffer }[];
}

/** Generates hostile files; the same seed gives the same files. */
export const hostileFiles = async (parent: string, seed: number): Promise<Hostile> => {
  const dir = await mkdtemp(join(parent, 'hostile-'));
  await runModule('oracle.hostile', String(seed), dir);
  const listed: { key: string; path: string }[] = JSON.parse(await readFile(join(dir, 'uploads.json'), 'utf8'));
  const uploads = await Promise.all(
    listed.map(async ({ key, path }) => ({ key, body: await readFile(join(dir, path)) })),
  );
  return { songs: await readFile(join(dir, 'songs.csv')), users: await readFile(join(dir, 'users.csv')), uploads };
};

/** Writes a seed's hostile files as a directory for `music-etl run`. */
export const writeHostileDirectory = async (seed: number, dir: string): Promise<void> => {
  await runModule('oracle.hostile', String(seed), dir, '--plain');
};
