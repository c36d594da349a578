import { type OutboxEntry, resultKey } from '@music-etl/contracts';
import { decideClose } from '../domain/close.ts';
import { hasEnded, type JobRun } from '../domain/ports.ts';
import { UnreadableDocument } from '../domain/unreadable-document.ts';
import { aboutRun } from './about-run.ts';
import { measureEnd } from './measure.ts';
import { flush, readStage, type StageDeps, writeStage } from './stage.ts';

/** What the job committed, and what follows from it; or that nobody can tell. */
type Committed =
  | { readonly result: unknown; readonly next: readonly OutboxEntry[] }
  | { readonly result: null; readonly unreadable: string };

const committedBy = async (deps: StageDeps, runId: string): Promise<Committed | null> => {
  const { definition, documents, world } = deps;
  const parse = (result: unknown): Committed => ({ result, next: definition.next(result, world.now()) });
  try {
    return (await documents.read(resultKey(runId, definition.stage), parse))?.value ?? null;
  } catch (error) {
    if (!(error instanceof UnreadableDocument)) throw error;
    return { result: null, unreadable: error.message };
  }
};

/** Closes the stage of the run that an ended Glue run worked on, and sends what follows. Safe to repeat. */
const close = async (deps: StageDeps, job: JobRun, runId: string): Promise<void> => {
  const { world, limits, log } = deps;
  const outcome = await committedBy(deps, runId);
  for (;;) {
    const read = await readStage(deps, runId);
    const decision = decideClose(read?.value ?? null, job, outcome, world.now(), limits, world.random);
    if (decision.kind === 'leave') {
      log.info('nothing to complete', { why: decision.why });
      return;
    }
    if (decision.kind === 'send') break;
    if (await writeStage(deps, decision.document, read)) {
      log.info(`the stage is ${decision.document.state}`, { job_state: job.state, error: decision.document.error });
      await measureEnd(deps, decision.document, outcome?.result ?? null);
      break;
    }
  }
  await flush(deps, runId);
};

/**
 * The second movement of every stage: a Glue run ended (an event says so, or the reconciler found it). The event
 * carries no arguments; GetJobRun names the run.
 * @param forgotten what to take for the Glue run if Glue does not know it (any more).
 */
export const complete = async (deps: StageDeps, jobRunId: string, forgotten: JobRun | null = null): Promise<void> => {
  const job = (await deps.jobs.get(jobRunId)) ?? forgotten;
  const runId = job?.runId ?? null;
  if (job === null || runId === null) {
    deps.log.warn('a Glue run of this job that no run of ours asked for', { job_run_id: jobRunId });
    return;
  }
  await aboutRun(deps, runId, async (about) => {
    if (hasEnded(job)) return close(about, job, runId);
    about.log.info('the Glue run has not ended', { job_run_id: jobRunId, job_state: job.state });
  });
};
