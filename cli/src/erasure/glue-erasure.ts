import {
  ConcurrentRunsExceededException,
  EntityNotFoundException,
  GetJobRunCommand,
  GetJobRunsCommand,
  type GlueClient,
  type JobRun,
  ResourceNumberLimitExceededException,
  StartJobRunCommand,
  ThrottlingException,
} from '@aws-sdk/client-glue';
import { UserError } from '../shared/errors.ts';
import type { ErasureJob, ErasureRun } from './ports.ts';

const FULL = [ConcurrentRunsExceededException, ResourceNumberLimitExceededException, ThrottlingException];
const UNDER_WAY = ['STARTING', 'RUNNING', 'STOPPING', 'WAITING'];
/** Glue lists the newest first; erasures are few. */
const NEWEST = 50;

const runOf = (run: JobRun): ErasureRun => ({
  id: run.Id ?? '',
  phase: run.Arguments?.['--phase'] ?? '',
  state: run.JobRunState ?? 'STARTING',
  error: run.ErrorMessage ?? null,
});

const runsOf = async (glue: GlueClient, jobName: string, erasureId: string): Promise<ErasureRun[]> => {
  const { JobRuns = [] } = await glue.send(new GetJobRunsCommand({ JobName: jobName, MaxResults: NEWEST }));
  return JobRuns.filter(({ Arguments }) => Arguments?.['--run_id'] === erasureId).map(runOf);
};

/** The Glue job of erasures, by name. */
export const glueErasure = (glue: GlueClient, jobName: string): ErasureJob => ({
  start: async (erasureId, phase, attempt) => {
    try {
      const Arguments = { '--run_id': erasureId, '--attempt': String(attempt), '--phase': phase };
      const { JobRunId } = await glue.send(new StartJobRunCommand({ JobName: jobName, Arguments }));
      if (JobRunId === undefined) throw new Error(`Glue started ${jobName} without naming the job run`);
      return JobRunId;
    } catch (error) {
      if (FULL.some((full) => error instanceof full)) return null;
      if (!(error instanceof EntityNotFoundException)) throw error;
      throw new UserError(`there is no Glue job ${jobName}`, 'is archive deployed there, under a --suffix perhaps?', 1);
    }
  },
  get: async (jobRunId) => {
    const { JobRun: run } = await glue.send(new GetJobRunCommand({ JobName: jobName, RunId: jobRunId }));
    return run === undefined ? null : runOf(run);
  },
  find: async (erasureId) => {
    const own = await runsOf(glue, jobName, erasureId);
    return own.find(({ state }) => UNDER_WAY.includes(state)) ?? null;
  },
  wasStarted: async (erasureId, phase) => {
    const own = await runsOf(glue, jobName, erasureId);
    return own.some((run) => run.phase === phase);
  },
});
