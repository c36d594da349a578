import type { Job } from '@aws-sdk/client-glue';
import type { Run } from './run.ts';

/** The end of a run's process. */
export type Outcome = { ok: true } | { ok: false; error: string };

export type Execution = { done: Promise<Outcome>; kill: () => void };
/** Runs a job's script and calls `running` when its process has started. */
export type Execute = (job: Job, run: Run, running: () => void) => Execution;
/** Returns the job's definition, or null if there is none. */
export type FindJob = (jobName: string) => Promise<Job | null>;
/** Publishes that a run has ended. */
export type Announce = (run: Run) => void;
