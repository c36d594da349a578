import { activeKey, RunId, requestStage, type StageDocument } from '@music-etl/contracts';
import { secondsAfter } from '../domain/limits.ts';
import { type Measurement, secondsBetween } from '../domain/measurement.ts';
import type { JobRun } from '../domain/ports.ts';
import { madeAt } from '../domain/run-id.ts';
import { activeRuns } from './active-runs.ts';
import { complete } from './complete.ts';
import { flush, readStage, type StageDeps } from './stage.ts';
import { withRun } from './with-run.ts';

/** Returns when the stage last changed. */
const silentSince = (document: StageDocument): string =>
  document.ended_at ?? document.started_at ?? document.claimed_at;

/** Replaces a Glue run that Glue no longer knows: it forgets runs with time, and all of them with their job. */
const forgotten = (document: StageDocument, id: string): JobRun => ({
  id,
  runId: document.run_id,
  attempt: document.attempt,
  state: 'EXPIRED',
  error: 'Glue no longer knows this run',
});

const resend = async (deps: StageDeps, runId: string, why: string): Promise<void> => {
  deps.log.warn('the run is requested again', { why });
  const message = requestStage(deps.definition.stage, runId, deps.world.now());
  await deps.send({ kind: 'request', message, delay_seconds: 0 });
};

const reconcileRun = async (deps: StageDeps, runId: string, document: StageDocument | null): Promise<void> => {
  // The start died between marker and claim, or (in ingest) the request was never sent.
  if (document === null) return resend(deps, runId, 'it has no claim');
  const now = deps.world.now();
  const silent = secondsAfter(new Date(silentSince(document)), deps.limits.silenceSeconds) <= now.toISOString();
  if (document.state === 'closed' || !document.sent) {
    if (silent) await flush(deps, runId);
    return;
  }
  if (document.state === 'started' && document.job_run_id !== null) {
    if (silent) await complete(deps, document.job_run_id, forgotten(document, document.job_run_id));
    return;
  }
  if (document.state !== 'dead' && document.lease_expires_at <= now.toISOString()) {
    await resend(deps, runId, `it is ${document.state} and its lease has expired`);
  }
};

const isRunId = (text: string): boolean => RunId.safeParse(text).success;

/** Returns since when a run has made no progress. Without a readable claim: since its creation. Null for a dead run. */
const activeSince = (runId: string, document: StageDocument | null): number | null => {
  if (document?.state === 'dead') return null;
  return document === null ? madeAt(runId) : Date.parse(document.deferred_since ?? document.claimed_at);
};

const measurementsOf = (since: readonly number[], now: Date): Measurement[] => [
  { name: 'ActiveRuns', value: since.length },
  { name: 'OldestActiveRunSeconds', value: secondsBetween(Math.min(now.getTime(), ...since), now.getTime()) },
];

/**
 * Reconciles every active run of the stage. It completes Glue runs whose event was lost, sends outboxes that were not
 * sent, and requests runs again whose claim has expired; the start then adopts their Glue run. An error of one run does
 * not stop the others. The number of runs and the age of the oldest are measured even if it throws.
 * @throws AggregateError with the error of each run that failed, after all were tried.
 */
export const reconcile = async (deps: StageDeps): Promise<number> => {
  const runs = await activeRuns(deps.documents, deps.definition.stage);
  const active = new Map<string, number | null>(runs.filter(isRunId).map((runId) => [runId, activeSince(runId, null)]));
  const reconcileOne = (runId: string): Promise<void> =>
    withRun(deps, runId, async (ofRun) => {
      // A request for it would be malformed and become a dead-letter message at every pass.
      if (!isRunId(runId)) throw new Error(`${activeKey(runId, deps.definition.stage)} names no run; remove it`);
      const document = (await readStage(ofRun, runId))?.value ?? null;
      active.set(runId, activeSince(runId, document));
      await reconcileRun(ofRun, runId, document);
    });
  const outcomes = await Promise.allSettled(runs.map(reconcileOne));
  const since = [...active.values()].filter((start) => start !== null);
  deps.meter(measurementsOf(since, deps.world.now()));
  const errors = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
  if (errors.length > 0)
    throw new AggregateError(errors, `${errors.length} of ${runs.length} runs failed to reconcile`);
  return runs.length;
};
