import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import type { Run } from './run.ts';

/** The runs of all jobs. */
export type RunStore = {
  write: (run: Run) => void;
  get: (jobName: string, runId: string) => Run | null;
  /** Newest first. */
  list: (jobName: string) => readonly Run[];
  all: () => readonly Run[];
};

const readFrom = (runs: Map<string, Run>): Omit<RunStore, 'write'> => ({
  get: (jobName, runId) => {
    const run = runs.get(runId);
    return run?.JobName === jobName ? run : null;
  },
  list: (jobName) => [...runs.values()].filter((run) => run.JobName === jobName).reverse(),
  all: () => [...runs.values()],
});

/** Keeps runs in memory. */
export const memoryRunStore = (): RunStore => {
  const runs = new Map<string, Run>();
  return { ...readFrom(runs), write: (run) => void runs.set(run.Id, run) };
};

/** Skips a line that was cut off when the local stack was killed. */
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

/** Keeps runs in a file too, one line per change, so that kept state has them however the local stack ends. */
export const fileRunStore = (path: string): RunStore => {
  const runs = new Map<string, Run>();
  if (existsSync(path)) for (const run of readLines(path)) runs.set(run.Id, run);
  return {
    ...readFrom(runs),
    write: (run) => {
      runs.set(run.Id, run);
      appendFileSync(path, `${JSON.stringify(run)}\n`);
    },
  };
};
