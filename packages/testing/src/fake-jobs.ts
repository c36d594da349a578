import { hasEnded, type JobRun, type JobStart, type Jobs } from '@music-etl/stage';
import { RUN } from './moments.ts';

/** Glue as far as a stage sees it. A test ends the runs. */
export class FakeJobs implements Jobs {
  readonly runs: JobRun[] = [];
  /** Answers the next starts instead of a new run. */
  answer: JobStart | Error | null = null;

  async start(runId: string, attempt: number): Promise<JobStart> {
    if (this.answer instanceof Error) throw this.answer;
    if (this.answer !== null) return this.answer;
    const id = `jr_${this.runs.length + 1}`;
    this.runs.push({ id, runId, attempt, state: 'RUNNING', error: null });
    return { jobRunId: id };
  }

  async get(jobRunId: string): Promise<JobRun | null> {
    return this.runs.find(({ id }) => id === jobRunId) ?? null;
  }

  async find(runId: string): Promise<JobRun | null> {
    return this.runs.find((run) => run.runId === runId && !hasEnded(run)) ?? null;
  }

  end(id: string, state: string, error: string | null = null): void {
    for (const [i, run] of this.runs.entries()) if (run.id === id) this.runs[i] = { ...run, state, error };
  }
}

/** Builds a Glue run that has succeeded. */
export const aJobRun = (changes: Partial<JobRun> = {}): JobRun => ({
  id: 'jr_1',
  runId: RUN,
  attempt: 1,
  state: 'SUCCEEDED',
  error: null,
  ...changes,
});
