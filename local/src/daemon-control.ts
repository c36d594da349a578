import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type DaemonRecord, daemonFile, daemonLog, readDaemonRecord } from './daemon-record.ts';
import { LocalStackError } from './errors.ts';
import { localFile, repositoryRoot, toolsDirectory } from './places.ts';
import { processIdentity } from './process-identity.ts';

const POLL_MS = 25;
const START_MS = 90_000;
const END_MS = 30_000;

const alive = (record: DaemonRecord): boolean => processIdentity(record.pid) === record.identity;

const waitFor = async (done: () => boolean, patienceMs: number): Promise<boolean> => {
  const deadline = Date.now() + patienceMs;
  while (!done()) {
    if (Date.now() > deadline) return false;
    await sleep(POLL_MS);
  }
  return true;
};

/** The local stack that runs on its own on this directory, or null. */
export const stackStatus = async (stateDir: string): Promise<DaemonRecord | null> => {
  const record = readDaemonRecord(resolve(stateDir));
  return record !== null && alive(record) ? record : null;
};

/** Starts a local stack that outlives this process, on kept state; the one that runs already is taken as it is. */
export const startDaemon = async (stateDir: string): Promise<DaemonRecord> => {
  const directory = resolve(stateDir);
  const running = await stackStatus(directory);
  if (running !== null) return running;
  mkdirSync(directory, { recursive: true });
  rmSync(daemonFile(directory), { force: true });
  const output = openSync(daemonLog(directory), 'a');
  const node = join(toolsDirectory, 'node');
  const child = spawn(node, ['--import', 'tsx', localFile('src', 'daemon.ts'), directory], {
    cwd: repositoryRoot,
    detached: true,
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  let ended = false;
  child.once('exit', () => {
    ended = true;
  });
  child.once('error', () => {
    ended = true;
  });
  const up = await waitFor(() => ended || existsSync(daemonFile(directory)), START_MS);
  const record = await stackStatus(directory);
  child.unref();
  if (up && record !== null) return record;
  if (!ended) child.kill('SIGTERM');
  const tail = readFileSync(daemonLog(directory), 'utf8').trimEnd().split('\n').slice(-5).join('\n');
  throw new LocalStackError(`the local stack did not start; ${daemonLog(directory)} ends with:\n${tail}`);
};

/** Ends the local stack that `startDaemon` started; false where none runs. State is kept. */
export const stopStack = async (stateDir: string): Promise<boolean> => {
  const directory = resolve(stateDir);
  const record = await stackStatus(directory);
  if (record === null) {
    rmSync(daemonFile(directory), { force: true });
    return false;
  }
  process.kill(record.pid, 'SIGTERM');
  if (!(await waitFor(() => !alive(record), END_MS))) {
    // Its supervisors end everything it started.
    process.kill(record.pid, 'SIGKILL');
    await waitFor(() => !alive(record), END_MS);
  }
  rmSync(daemonFile(directory), { force: true });
  return true;
};
