import type { Job } from '@aws-sdk/client-glue';
import { LOG_GROUP_PREFIX } from './logs.ts';
import type { Run } from './run.ts';

const seconds = (ms: number): number => ms / 1000;

/** Returns a run in the form of GetJobRun's response. */
export const jobRunOf = (run: Run, job: Job | null): Record<string, unknown> => ({
  Id: run.Id,
  Attempt: run.Attempt,
  JobName: run.JobName,
  StartedOn: seconds(run.StartedOn),
  LastModifiedOn: seconds(run.LastModifiedOn),
  ...(run.CompletedOn === null ? {} : { CompletedOn: seconds(run.CompletedOn) }),
  JobRunState: run.JobRunState,
  Arguments: run.Arguments,
  ...(run.ErrorMessage === null ? {} : { ErrorMessage: run.ErrorMessage }),
  PredecessorRuns: [],
  ExecutionTime: Math.round(seconds((run.CompletedOn ?? run.LastModifiedOn) - run.StartedOn)),
  Timeout: run.Timeout,
  MaxCapacity: job?.MaxCapacity,
  WorkerType: job?.WorkerType,
  NumberOfWorkers: job?.NumberOfWorkers,
  GlueVersion: job?.GlueVersion,
  LogGroupName: LOG_GROUP_PREFIX,
});
