import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { LocalStackError } from './errors.ts';
import { processIdentity } from './process-identity.ts';

const Owner = z.object({ pid: z.int().positive(), identity: z.string() });

const ownerFile = (stateDir: string): string => join(stateDir, 'stack.lock');
const portFile = (stateDir: string): string => join(stateDir, 'gateway.port');

const readOwner = (stateDir: string): z.infer<typeof Owner> | null => {
  try {
    return Owner.parse(JSON.parse(readFileSync(ownerFile(stateDir), 'utf8')));
  } catch {
    return null;
  }
};

/** Makes this process the owner of the directory. Fails if the present owner is alive. */
export const claimStateDir = (stateDir: string): void => {
  const owner = readOwner(stateDir);
  if (owner !== null && processIdentity(owner.pid) === owner.identity) {
    throw new LocalStackError(
      `a local stack already runs on ${stateDir} (process ${owner.pid}); stop it, or use another directory`,
    );
  }
  writeFileSync(ownerFile(stateDir), JSON.stringify({ pid: process.pid, identity: processIdentity(process.pid) }));
};

export const releaseStateDir = (stateDir: string): void => rmSync(ownerFile(stateDir), { force: true });

/** Returns the port that the kept state names in its queue URLs, or null. */
export const readPort = (stateDir: string): number | null =>
  existsSync(portFile(stateDir)) ? Number(readFileSync(portFile(stateDir), 'utf8')) || null : null;

export const writePort = (stateDir: string, port: number): void => writeFileSync(portFile(stateDir), String(port));

/** Removes everything of the local stack but its lock and its log. */
export const clearState = (stateDir: string): void => {
  for (const name of ['ministack', 'glue', 'logs', 'gateway.port', 'runtime.dir', 'tmp']) {
    rmSync(join(stateDir, name), { recursive: true, force: true });
  }
};

/** The socket's directory is among the system's temporary ones: a Unix socket's path is limited to about 100 bytes. */
const RUNTIME_PREFIX = join(tmpdir(), 'music-etl-');
const runtimeFile = (stateDir: string): string => join(stateDir, 'runtime.dir');

/** Creates the directories of this local stack's processes, and removes those that a killed one left. */
export const makeWorkDirectories = (stateDir: string): { temporary: string; runtime: string } => {
  const left = existsSync(runtimeFile(stateDir)) ? readFileSync(runtimeFile(stateDir), 'utf8') : '';
  if (left.startsWith(RUNTIME_PREFIX)) rmSync(left, { recursive: true, force: true });
  rmSync(join(stateDir, 'tmp'), { recursive: true, force: true });
  for (const name of ['tmp', 'logs']) mkdirSync(join(stateDir, name), { recursive: true });
  const runtime = mkdtempSync(RUNTIME_PREFIX);
  writeFileSync(runtimeFile(stateDir), runtime);
  return { temporary: mkdtempSync(join(stateDir, 'tmp', 'stack-')), runtime };
};
