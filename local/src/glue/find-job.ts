import { GetJobCommand, type Job } from '@aws-sdk/client-glue';
import type { Clients } from '../clients.ts';
import { deployedLimit } from './concurrency.ts';
import type { FindJob } from './ports.ts';

/** A job's definition by GetJob, completed by what the emulator forgets of it. */
export const findJobIn = ({ glue, formation }: Clients, log: (line: string) => void): FindJob => {
  const limits = new Map<string, Promise<number | null>>();

  /** Asked anew when the job has changed. */
  const limitOf = (jobName: string, job: Job): Promise<number | null> => {
    const key = `${jobName} ${job.LastModifiedOn?.getTime()}`;
    const known = limits.get(key);
    if (known) return known;
    const asked = deployedLimit(formation, jobName).catch((error: unknown) => {
      log(`MaxConcurrentRuns of ${jobName} is unknown, 1 is taken: ${error instanceof Error ? error.message : error}`);
      limits.delete(key);
      return null;
    });
    limits.set(key, asked);
    return asked;
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
