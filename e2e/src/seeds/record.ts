import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';

/** The result of one seed; a line of the results file. */
export const SeedRecord = z.object({
  seed: z.int(),
  level: z.string(),
  /** `incomplete`: the run did not end by itself, or the local stack broke. */
  outcome: z.enum(['equal', 'different', 'incomplete']),
  /** Files of the export that differ, or what did not happen. */
  why: z.array(z.string()),
  injected: z.record(z.string(), z.number()),
  /** Attempts of stages beyond the first. */
  attempts: z.number(),
  seconds: z.number(),
  /** Resident memory of the worker at the end, MiB. */
  memory: z.number(),
});
export type SeedRecord = z.infer<typeof SeedRecord>;

const parseLine = (line: string): SeedRecord[] => {
  try {
    return [SeedRecord.parse(JSON.parse(line))];
  } catch {
    return [];
  }
};

/** Reads the results of former calls. It skips a line that was cut off, so that its seed runs again. */
export const readRecords = (path: string): SeedRecord[] =>
  existsSync(path) ? readFileSync(path, 'utf8').split('\n').flatMap(parseLine) : [];

/** Removes a line that was cut off, so that the next record gets a line of its own. */
export const removeCutOffLine = (path: string): void => {
  const lines = readRecords(path).map((record) => `${JSON.stringify(record)}\n`);
  writeFileSync(path, lines.join(''));
};

export const addRecord = (path: string, record: SeedRecord): void =>
  appendFileSync(path, `${JSON.stringify(record)}\n`);
