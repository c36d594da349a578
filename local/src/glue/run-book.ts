import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import type { Run } from './run.ts';

/** All runs by job, newest first; every change is one line of a file, so that kept state knows them after any end. */
export type RunBook = {
  write: (run: Run) => void;
  get: (jobName: string, runId: string) => Run | null;
  list: (jobName: string) => readonly Run[];
  all: () => readonly Run[];
};

const remember = (runs: Map<string, Run>): Omit<RunBook, 'write'> => ({
  get: (jobName, runId) => {
    const run = runs.get(runId);
    return run?.JobName === jobName ? run : null;
  },
  list: (jobName) => [...runs.values()].filter((run) => run.JobName === jobName).reverse(),
  all: () => [...runs.values()],
});

export const memoryRunBook = (): RunBook => {
  const runs = new Map<string, Run>();
  return { ...remember(runs), write: (run) => void runs.set(run.Id, run) };
};

/** The last line may be half written where the local stack was killed; it is left out. */
const readLines = (path: string): Run[] =>
  readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((line) => {
      try {
        return [JSON.parse(line)];
      } catch {
        return [];
      }
    });

export const fileRunBook = (path: string): RunBook => {
  const runs = new Map<string, Run>();
  if (existsSync(path)) for (const run of readLines(path)) runs.set(run.Id, run);
  return {
    ...remember(runs),
    write: (run) => {
      runs.set(run.Id, run);
      appendFileSync(path, `${JSON.stringify(run)}\n`);
    },
  };
};
