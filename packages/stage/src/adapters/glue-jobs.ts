import {
  ConcurrentRunsExceededException,
  EntityNotFoundException,
  GetJobRunCommand,
  GetJobRunsCommand,
  type GlueClient,
  type JobRun as GlueJobRun,
  ResourceNumberLimitExceededException,
  StartJobRunCommand,
  ThrottlingException,
} from '@aws-sdk/client-glue';
import { hasEnded, type JobRun, type Jobs } from '../domain/ports.ts';
import { madeAt } from '../domain/run-id.ts';

const AT_CAPACITY = [ConcurrentRunsExceededException, ResourceNumberLimitExceededException, ThrottlingException];

const toJobRun = (run: GlueJobRun): JobRun => ({
  id: run.Id ?? '',
  runId: run.Arguments?.['--run_id'] ?? null,
  attempt: Number(run.Arguments?.['--attempt'] ?? 0),
  state: run.JobRunState ?? 'STARTING',
  error: run.ErrorMessage ?? null,
});

/** Glue lists the newest run first. One hour is more than clocks differ. */
const reachesBefore = (runs: readonly GlueJobRun[], instant: number): boolean =>
  runs.some(({ StartedOn }) => StartedOn !== undefined && StartedOn.getTime() < instant - 3_600_000);

/** Calls one Glue job, by its name. */
export const glueJobs = (glue: GlueClient, jobName: string): Jobs => ({
  start: async (runId, attempt) => {
    try {
      const Arguments = { '--run_id': runId, '--attempt': String(attempt) };
      const { JobRunId } = await glue.send(new StartJobRunCommand({ JobName: jobName, Arguments }));
      if (JobRunId === undefined)
        throw new Error(`Glue started ${jobName} for run ${runId} without naming the job run`);
      return { jobRunId: JobRunId };
    } catch (error) {
      if (error instanceof Error && AT_CAPACITY.some((type) => error instanceof type)) {
        return { atCapacity: `${error.name}: ${error.message}` };
      }
      throw error;
    }
  },
  get: async (jobRunId) => {
    try {
      const { JobRun: run } = await glue.send(new GetJobRunCommand({ JobName: jobName, RunId: jobRunId }));
      return run === undefined ? null : toJobRun(run);
    } catch (error) {
      if (error instanceof EntityNotFoundException) return null;
      throw error;
    }
  },
  find: async (runId) => {
    let token: string | undefined;
    do {
      const page = await glue.send(new GetJobRunsCommand({ JobName: jobName, ...(token && { NextToken: token }) }));
      const runs = page.JobRuns ?? [];
      const found = runs.map(toJobRun).find((run) => run.runId === runId && !hasEnded(run));
      if (found !== undefined) return found;
      // The history may hold thousands of older Glue runs; none of them can carry a run id that was made later.
      if (reachesBefore(runs, madeAt(runId))) return null;
      token = page.NextToken;
    } while (token !== undefined);
    return null;
  },
});
