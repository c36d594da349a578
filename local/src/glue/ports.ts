import type { Job } from '@aws-sdk/client-glue';
import type { Run } from './run.ts';

/** How a run's process ended. */
export type Outcome = { ok: true } | { ok: false; error: string };

export type Execution = { done: Promise<Outcome>; kill: () => void };
/** Runs a job's script; `running` is called when its process has started. */
export type Execute = (job: Job, run: Run, running: () => void) => Execution;
/** The job's definition, or null where there is none. */
export type FindJob = (jobName: string) => Promise<Job | null>;
/** Tells the world that a run has ended. */
export type Announce = (run: Run) => void;
