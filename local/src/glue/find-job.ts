import { GetJobCommand, type Job } from '@aws-sdk/client-glue';
import type { Clients } from '../clients.ts';
import { errorText } from '../error-text.ts';
import { deployedLimit } from './concurrency.ts';
import type { FindJob } from './ports.ts';

/** Returns a reader of job definitions: GetJob's response, with the limit that the emulator does not keep. */
export const findJobIn = ({ glue, formation }: Clients, log: (line: string) => void): FindJob => {
  const limits = new Map<string, Promise<number | null>>();

  /** Reads the limit again when the job has changed. */
  const limitOf = (jobName: string, job: Job): Promise<number | null> => {
    const key = `${jobName} ${job.LastModifiedOn?.getTime()}`;
    const known = limits.get(key);
    if (known) return known;
    const limit = deployedLimit(formation, jobName).catch((error: unknown) => {
      log(`MaxConcurrentRuns of ${jobName} is unknown, using 1: ${errorText(error)}`);
      limits.delete(key);
      return null;
    });
    limits.set(key, limit);
    return limit;
  };

  return async (JobName) => {
    try {
      const { Job: job } = await glue.send(new GetJobCommand({ JobName }));
      if (!job) return null;
      const limit = job.ExecutionProperty?.MaxConcurrentRuns ?? (await limitOf(JobName, job));
      return { ...job, ExecutionProperty: { MaxConcurrentRuns: limit ?? undefined } };
    } catch (error) {
      if (error instanceof Error && error.name === 'EntityNotFoundException') return null;
      throw error;
    }
  };
};
