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

const AT_CAPACITY = [ConcurrentRunsExceededException, ResourceNumberLimitExceededException, ThrottlingException];
const ACTIVE = ['STARTING', 'RUNNING', 'STOPPING', 'WAITING'];
/** Glue lists the newest runs first; erasures are few. */
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

/** The erasure's job in Glue. */
export const glueErasureJob = (glue: GlueClient, jobName: string): ErasureJob => ({
  start: async (erasureId, phase, attempt) => {
    try {
      const Arguments = { '--run_id': erasureId, '--attempt': String(attempt), '--phase': phase };
      const { JobRunId } = await glue.send(new StartJobRunCommand({ JobName: jobName, Arguments }));
      if (JobRunId === undefined) throw new Error(`Glue started ${jobName}, but named no job run`);
      return JobRunId;
    } catch (error) {
      if (AT_CAPACITY.some((each) => error instanceof each)) return null;
      if (!(error instanceof EntityNotFoundException)) throw error;
      throw new UserError(`there is no Glue job ${jobName}`, 'is archive deployed there, perhaps under a --suffix?', 1);
    }
  },
  get: async (jobRunId) => {
    const { JobRun: run } = await glue.send(new GetJobRunCommand({ JobName: jobName, RunId: jobRunId }));
    return run === undefined ? null : runOf(run);
  },
  findActive: async (erasureId) => {
    const own = await runsOf(glue, jobName, erasureId);
    return own.find(({ state }) => ACTIVE.includes(state)) ?? null;
  },
  wasStarted: async (erasureId, phase) => {
    const own = await runsOf(glue, jobName, erasureId);
    return own.some((run) => run.phase === phase);
  },
});
