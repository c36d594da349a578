import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { exportTo } from '../../cli/src/export/export-to.ts';
import { SONGS_KEY, USERS_KEY } from './putting.ts';
import type { Put, World } from './world.ts';

const TESTS = join(process.cwd(), 'glue-scripts', 'tests');
const PYTHON = join(process.cwd(), '.venv', 'bin', 'python');

const python = async (...args: string[]): Promise<string> => {
  const run = promisify(execFile)(PYTHON, ['-m', ...args], { cwd: TESTS, maxBuffer: 1 << 26 });
  const { stdout } = await run.catch((error: unknown) => {
    const said = Object.getOwnPropertyDescriptor(Object(error), 'stdout')?.value;
    throw new Error(`python -m ${args.join(' ')} failed:\n${said}\n${error}`);
  });
  return stdout;
};

/** Reference data and uploads in order, made by the hostile generator of a seed. */
export interface Hostile {
  readonly songs: Buffer;
  readonly users: Buffer;
  readonly uploads: readonly { readonly key: string; readonly body: Buffer }[];
}

/** A directory of hostile files: the same for the same seed. */
export const hostile = async (world: World, seed: number): Promise<Hostile> => {
  const dir = await mkdtemp(join(world.dir, 'hostile-'));
  await python('oracle.hostile', String(seed), dir);
  const listed: { key: string; path: string }[] = JSON.parse(await readFile(join(dir, 'uploads.json'), 'utf8'));
  const uploads = await Promise.all(
    listed.map(async ({ key, path }) => ({ key, body: await readFile(join(dir, path)) })),
  );
  return { songs: await readFile(join(dir, 'songs.csv')), users: await readFile(join(dir, 'users.csv')), uploads };
};

const newest = (puts: readonly Put[], key: string): Buffer =>
  puts.findLast((one) => one.key === key)?.body ?? Buffer.alloc(0);

/** What the oracle is asked about: everything that was put, and the export that should say the same. */
export type Validated = Pick<World, 'dir' | 'puts' | 'reached'>;

const inputsFor = async (world: Validated): Promise<string> => {
  const dir = await mkdtemp(join(world.dir, 'oracle-'));
  await mkdir(join(dir, 'files'));
  await writeFile(join(dir, 'songs.csv'), newest(world.puts, SONGS_KEY));
  await writeFile(join(dir, 'users.csv'), newest(world.puts, USERS_KEY));
  const streams = world.puts.filter(({ key }) => key.startsWith('streams/'));
  const uploads = streams.map(({ key, at }, i) => ({ key, path: `files/${i}`, last_modified: at }));
  await Promise.all(streams.map(({ body }, i) => writeFile(join(dir, 'files', String(i)), body)));
  await writeFile(join(dir, 'uploads.json'), JSON.stringify(uploads));
  return dir;
};

/** The local stack's export, where it lies; it equals what the oracle says of everything that was put. */
export const exportEqualToOracle = async (world: Validated): Promise<string> => {
  const inputs = await inputsFor(world);
  const [expected, actual] = [join(inputs, 'expected'), join(inputs, 'actual')];
  await python('oracle', inputs, '--export', expected);
  await exportTo(world.reached, { line: () => {}, progress: () => {} }, actual);
  await python('oracle.compare', expected, actual);
  return actual;
};

/** File name → its bytes, of an export. */
export const contentOf = async (exported: string): Promise<Record<string, string>> => {
  const names = (await readdir(exported)).sort();
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await readFile(join(exported, name), 'utf8')])),
  );
};
