import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** `<state directory>/stack.json`: describes the daemon that runs on this directory. */
export const DaemonRecord = z.object({
  pid: z.int().positive(),
  /** Distinguishes this process from a later one with the same pid. */
  identity: z.string(),
  endpoint: z.string(),
  env: z.record(z.string(), z.string()),
  startedAt: z.string(),
});
export type DaemonRecord = z.infer<typeof DaemonRecord>;

export const daemonFile = (stateDir: string): string => join(stateDir, 'stack.json');
export const daemonLog = (stateDir: string): string => join(stateDir, 'stack.log');

export const readDaemonRecord = (stateDir: string): DaemonRecord | null => {
  try {
    return DaemonRecord.parse(JSON.parse(readFileSync(daemonFile(stateDir), 'utf8')));
  } catch {
    return null;
  }
};

/** Writes the record in one step: a reader sees all of it or nothing. */
export const writeDaemonRecord = (stateDir: string, record: DaemonRecord): void => {
  const partial = `${daemonFile(stateDir)}.part`;
  writeFileSync(partial, `${JSON.stringify(record, null, 2)}\n`);
  renameSync(partial, daemonFile(stateDir));
};
