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

/** Makes the lock with its holder's pid in one step; false where another process has it. */
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

/** Removes the lock of a process that has ended. */
const breakStale = async (path: string): Promise<void> => {
  const pid = Number(await readFile(path, 'utf8').catch(() => ''));
  if (pid > 0 && !isAlive(pid)) await rm(path, { force: true });
};

/** Does work in one process at a time; others wait. */
export const withLock = async <T>(path: string, work: () => Promise<T>): Promise<T> => {
  await mkdir(dirname(path), { recursive: true });
  while (!(await take(path))) {
    await breakStale(path);
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
  }
  const release = (): void => rmSync(path, { force: true });
  process.once('exit', release);
  try {
    return await work();
  } finally {
    process.off('exit', release);
    release();
  }
};
