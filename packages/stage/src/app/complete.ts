import { type OutboxEntry, resultKey } from '@music-etl/contracts';
import { decideClose } from '../domain/close.ts';
import { hasEnded, type JobRun } from '../domain/ports.ts';
import { UnreadableDocument } from '../domain/unreadable-document.ts';
import { measureEnd } from './measure.ts';
import { flush, readStage, type StageDeps, writeStage } from './stage.ts';
import { withRun } from './with-run.ts';

/** The job's committed result and the messages that follow from it, or why it cannot be read. */
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

/** Closes the stage of the run whose Glue run has ended, and sends what follows. Safe to repeat. */
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
 * Completes a stage, its second movement: an event or the reconciler reports that a Glue run has ended. The event
 * carries no arguments, so GetJobRun names the run.
 * @param forgotten replaces the Glue run if Glue no longer knows it.
 */
export const complete = async (deps: StageDeps, jobRunId: string, forgotten: JobRun | null = null): Promise<void> => {
  const job = (await deps.jobs.get(jobRunId)) ?? forgotten;
  const runId = job?.runId ?? null;
  if (job === null || runId === null) {
    deps.log.warn('a Glue run of this job belongs to no run of the pipeline', { job_run_id: jobRunId });
    return;
  }
  await withRun(deps, runId, async (ofRun) => {
    if (hasEnded(job)) return close(ofRun, job, runId);
    ofRun.log.info('the Glue run has not ended', { job_run_id: jobRunId, job_state: job.state });
  });
};
