import { activePrefix, requestStage, type StageDocument } from '@music-etl/contracts';
import { secondsAfter } from '../domain/limits.ts';
import type { JobRun } from '../domain/ports.ts';
import { handOn } from './hand-on.ts';
import { flush, readStage, type StageDeps } from './stage.ts';

/** The last sign of life of a stage that owes something. */
const silentSince = (document: StageDocument): string =>
  document.ended_at ?? document.started_at ?? document.claimed_at;

/** Glue forgets runs in time, and all of them when its job is made anew. A stage that waits for one would wait for ever. */
const forgotten = (document: StageDocument, id: string): JobRun => ({
  id,
  runId: document.run_id,
  attempt: document.attempt,
  state: 'EXPIRED',
  error: 'Glue does not know this run any more',
});

const resend = async (deps: StageDeps, runId: string, why: string): Promise<void> => {
  deps.log.warn('asks again for a run that was left lying', { run_id: runId, why });
  const message = requestStage(deps.definition.stage, runId, deps.world.now());
  await deps.send({ kind: 'request', message, delay_seconds: 0 });
};

const settle = async (deps: StageDeps, runId: string): Promise<void> => {
  const document = (await readStage(deps, runId))?.value ?? null;
  // A marker without a claim: the start died in between, or (ingest) the request was never sent.
  if (document === null) return resend(deps, runId, 'no claim');
  const now = deps.world.now();
  const silent = secondsAfter(new Date(silentSince(document)), deps.limits.silenceSeconds) <= now.toISOString();
  if (document.state === 'closed' || !document.sent) {
    if (silent) await flush(deps, runId);
    return;
  }
  if (document.state === 'started' && document.job_run_id !== null) {
    if (silent) await handOn(deps, document.job_run_id, forgotten(document, document.job_run_id));
    return;
  }
  if (document.state !== 'dead' && document.lease_expires_at <= now.toISOString()) {
    await resend(deps, runId, `${document.state}, and its lease is over`);
  }
};

/**
 * Looks after every run the stage has in hand: ends whose event was lost are handed on, what was decided but not sent
 * is sent, claims whose holder died are asked for again (the start then adopts their Glue run). One run's trouble never
 * keeps it from the others.
 * @throws AggregateError naming the runs it could not settle, after all were tried.
 */
export const reconcile = async (deps: StageDeps): Promise<number> => {
  const keys = await deps.documents.list(activePrefix(deps.definition.stage));
  const runs = keys.map((key) => key.slice(activePrefix(deps.definition.stage).length, -'.json'.length));
  const outcomes = await Promise.allSettled(runs.map((runId) => settle(deps, runId)));
  const errors = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
  if (errors.length > 0)
    throw new AggregateError(errors, `${errors.length} of ${runs.length} runs could not be settled`);
  return runs.length;
};
