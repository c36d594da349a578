import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type DaemonRecord, daemonFile, daemonLog, readDaemonRecord } from './daemon-record.ts';
import { LocalStackError } from './errors.ts';
import { localFile, repositoryRoot, toolsDirectory } from './paths.ts';
import { processIdentity } from './process-identity.ts';

const POLL_MS = 25;
const START_MS = 90_000;
const END_MS = 30_000;

const isAlive = (record: DaemonRecord): boolean => processIdentity(record.pid) === record.identity;

const waitFor = async (done: () => boolean, timeoutMs: number): Promise<boolean> => {
  const deadline = Date.now() + timeoutMs;
  while (!done()) {
    if (Date.now() > deadline) return false;
    await sleep(POLL_MS);
  }
  return true;
};

/** Returns the record of the daemon that runs on this directory, or null. */
export const stackStatus = async (stateDir: string): Promise<DaemonRecord | null> => {
  const record = readDaemonRecord(resolve(stateDir));
  return record !== null && isAlive(record) ? record : null;
};

const spawnDaemon = (directory: string): ChildProcess => {
  const output = openSync(daemonLog(directory), 'a');
  const node = join(toolsDirectory, 'node');
  const child = spawn(node, ['--import', 'tsx', localFile('src', 'daemon.ts'), directory], {
    cwd: repositoryRoot,
    detached: true,
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  return child;
};

/** Starts a local stack that outlives this process and keeps its state. Returns the running one if there is one. */
export const startDaemon = async (stateDir: string): Promise<DaemonRecord> => {
  const directory = resolve(stateDir);
  const running = await stackStatus(directory);
  if (running !== null) return running;
  mkdirSync(directory, { recursive: true });
  rmSync(daemonFile(directory), { force: true });
  const child = spawnDaemon(directory);
  let ended = false;
  const onEnd = (): void => {
    ended = true;
  };
  child.once('exit', onEnd);
  child.once('error', onEnd);
  const up = await waitFor(() => ended || existsSync(daemonFile(directory)), START_MS);
  const record = await stackStatus(directory);
  child.unref();
  if (up && record !== null) return record;
  if (!ended) child.kill('SIGTERM');
  const tail = readFileSync(daemonLog(directory), 'utf8').trimEnd().split('\n').slice(-5).join('\n');
  throw new LocalStackError(`the local stack did not start; ${daemonLog(directory)} ends with:\n${tail}`);
};

/** Stops the daemon that runs on this directory and keeps its state. Returns false if none runs. */
export const stopStack = async (stateDir: string): Promise<boolean> => {
  const directory = resolve(stateDir);
  const record = await stackStatus(directory);
  if (record === null) {
    rmSync(daemonFile(directory), { force: true });
    return false;
  }
  process.kill(record.pid, 'SIGTERM');
  if (!(await waitFor(() => !isAlive(record), END_MS))) {
    // Its supervisors end every process that it started.
    process.kill(record.pid, 'SIGKILL');
    await waitFor(() => !isAlive(record), END_MS);
  }
  rmSync(daemonFile(directory), { force: true });
  return true;
};
