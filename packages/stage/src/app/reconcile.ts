import { activeKey, activePrefix, RunId, requestStage, type StageDocument } from '@music-etl/contracts';
import { secondsAfter } from '../domain/limits.ts';
import { type Measurement, secondsBetween } from '../domain/measurement.ts';
import type { JobRun } from '../domain/ports.ts';
import { madeAt } from '../domain/run-id.ts';
import { aboutRun } from './about-run.ts';
import { complete } from './complete.ts';
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
  deps.log.warn('asks again for a run that was left lying', { why });
  const message = requestStage(deps.definition.stage, runId, deps.world.now());
  await deps.send({ kind: 'request', message, delay_seconds: 0 });
};

const awaitTerminal = async (deps: StageDeps, runId: string, document: StageDocument | null): Promise<void> => {
  // A marker without a claim: the start died in between, or (ingest) the request was never sent.
  if (document === null) return resend(deps, runId, 'no claim');
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
    await resend(deps, runId, `${document.state}, and its lease is over`);
  }
};

const isRunId = (text: string): boolean => RunId.safeParse(text).success;

/** Since when a run has not got on; of one without a (readable) claim only its own age is known. Null: given up. */
const activeSince = (runId: string, document: StageDocument | null): number | null => {
  if (document?.state === 'dead') return null;
  return document === null ? madeAt(runId) : Date.parse(document.deferred_since ?? document.claimed_at);
};

const measurementsOf = (since: readonly number[], now: Date): Measurement[] => [
  { name: 'ActiveRuns', value: since.length },
  { name: 'OldestActiveRunSeconds', value: secondsBetween(Math.min(now.getTime(), ...since), now.getTime()) },
];

/**
 * Looks after every run the stage has in hand: ends whose event was lost are completed, what was decided but not sent
 * is sent, claims whose holder died are asked for again (the start then adopts their Glue run). One run's trouble never
 * keeps it from the others. How many runs it found, and how old the oldest is, is measured before anything is thrown.
 * @throws AggregateError naming the runs it could not awaitTerminal, after all were tried.
 */
export const reconcile = async (deps: StageDeps): Promise<number> => {
  const prefix = activePrefix(deps.definition.stage);
  const runs = (await deps.documents.list(prefix)).map((key) => key.slice(prefix.length, -'.json'.length));
  const found = new Map<string, number | null>(runs.filter(isRunId).map((runId) => [runId, activeSince(runId, null)]));
  const look = (runId: string): Promise<void> =>
    aboutRun(deps, runId, async (about) => {
      // To ask for it would only make a dead letter of a message that is none, and so at every look.
      if (!isRunId(runId)) throw new Error(`${activeKey(runId, deps.definition.stage)} names no run; remove it`);
      const document = (await readStage(about, runId))?.value ?? null;
      found.set(runId, activeSince(runId, document));
      await awaitTerminal(about, runId, document);
    });
  const outcomes = await Promise.allSettled(runs.map(look));
  const since = [...found.values()].filter((start) => start !== null);
  deps.meter(measurementsOf(since, deps.world.now()));
  const errors = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
  if (errors.length > 0)
    throw new AggregateError(errors, `${errors.length} of ${runs.length} runs could not be terminal`);
  return runs.length;
};
