import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exportTo } from '../../cli/src/export/export-to.ts';
import { SONGS_KEY, USERS_KEY } from './put.ts';
import { runModule } from './python.ts';
import type { Put, World } from './world.ts';

/** All that was put, and the target whose export the oracle checks. */
export type OracleInputs = Pick<World, 'dir' | 'puts' | 'reached'>;

const newest = (puts: readonly Put[], key: string): Buffer =>
  puts.findLast((one) => one.key === key)?.body ?? Buffer.alloc(0);

const writeInputs = async ({ dir: parent, puts }: OracleInputs): Promise<string> => {
  const dir = await mkdtemp(join(parent, 'oracle-'));
  await mkdir(join(dir, 'files'));
  await writeFile(join(dir, 'songs.csv'), newest(puts, SONGS_KEY));
  await writeFile(join(dir, 'users.csv'), newest(puts, USERS_KEY));
  const streams = puts.filter(({ key }) => key.startsWith('streams/'));
  const uploads = streams.map(({ key, at }, i) => ({ key, path: `files/${i}`, last_modified: at }));
  await Promise.all(streams.map(({ body }, i) => writeFile(join(dir, 'files', String(i)), body)));
  await writeFile(join(dir, 'uploads.json'), JSON.stringify(uploads));
  return dir;
};

/** Exports the KPIs and compares them with the oracle's. Returns the export's directory. @throws if they differ */
export const exportEqualToOracle = async (inputs: OracleInputs): Promise<string> => {
  const dir = await writeInputs(inputs);
  const [expected, actual] = [join(dir, 'expected'), join(dir, 'actual')];
  await runModule('oracle', dir, '--export', expected);
  await exportTo(inputs.reached, { line: () => {}, progress: () => {} }, actual);
  await runModule('oracle.compare', expected, actual);
  return actual;
};
