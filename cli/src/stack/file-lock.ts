import { rmSync } from 'node:fs';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

const EVERY_MS = 300;

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
};

/** Makes the lock, its holder in it, in one step. */
const take = async (path: string): Promise<boolean> => {
  const own = `${path}.${process.pid}`;
  await writeFile(own, String(process.pid));
  try {
    await link(own, path);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(own, { force: true });
  }
};

/** Removes a lock whose holder is no more. */
const breakStale = async (path: string): Promise<void> => {
  const pid = Number(await readFile(path, 'utf8').catch(() => ''));
  if (pid > 0 && !isAlive(pid)) await rm(path, { force: true });
};

/** One process at a time; others wait for their turn. */
export const withLock = async <T>(path: string, work: () => Promise<T>): Promise<T> => {
  await mkdir(dirname(path), { recursive: true });
  while (!(await take(path))) {
    await breakStale(path);
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
  }
  const giveBack = (): void => rmSync(path, { force: true });
  process.once('exit', giveBack);
  try {
    return await work();
  } finally {
    process.off('exit', giveBack);
    giveBack();
  }
};
