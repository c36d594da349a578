import type { StageDocument, StageRequested } from '@music-etl/contracts';
import { stageOf } from '@music-etl/contracts';
import { backoff, type Limits, secondsAfter } from './limits.ts';

/** A request as it came. */
export interface Request {
  readonly message: StageRequested;
  /** The attempt of the dead run whose dead-letter message was redriven; null for any other message. */
  readonly redriven: number | null;
}

export type ClaimDecision =
  /** Another start has the run, or the stage is done. */
  | { readonly kind: 'leave'; readonly why: string }
  /** The stage is closed or dead, but its outbox may not have been sent. */
  | { readonly kind: 'send' }
  /**
   * Claim the run. `adopt`: an earlier start may have begun a Glue run; look for it first. That holds for every claim
   * but the first: an SDK retry may report "at capacity" although its first attempt started the run.
   */
  | { readonly kind: 'claim'; readonly document: StageDocument; readonly adopt: boolean };

const claimed = (
  previous: StageDocument | null,
  message: StageRequested,
  attempt: number,
  claimer: string,
  now: Date,
  limits: Limits,
): StageDocument => ({
  schema_version: 1,
  run_id: message.run_id,
  stage: stageOf(message),
  state: 'claimed',
  attempt,
  failures: previous?.state === 'dead' ? 0 : (previous?.failures ?? 0),
  message: previous?.message ?? message,
  claimed_by: claimer,
  claimed_at: now.toISOString(),
  lease_expires_at: secondsAfter(now, limits.leaseSeconds),
  // Kept when a claim expires after a deferral. Otherwise crashes could defer a run without end.
  deferrals: previous === null || previous.state === 'dead' ? 0 : previous.deferrals,
  deferred_since: previous === null || previous.state === 'dead' ? null : previous.deferred_since,
  job_run_id: null,
  started_at: null,
  ended_at: null,
  job_state: null,
  error: null,
  outbox: [],
  sent: true,
});

/**
 * Decides what a message does to its run. It claims a run that nobody has, that was deferred, or that failed and is to
 * be retried. It takes over an expired claim under a new attempt, so that two Glue runs never write the same object. A
 * valid claim or a running job it leaves alone. A dead run resumes, with a fresh budget of failures, only by its own
 * redriven dead-letter message. So neither a late duplicate nor an older dead-letter message starts it again.
 */
export const decideClaim = (
  document: StageDocument | null,
  { message, redriven }: Request,
  claimer: string,
  now: Date,
  limits: Limits,
): ClaimDecision => {
  const claim = (attempt: number, adopt: boolean): ClaimDecision => ({
    kind: 'claim',
    document: claimed(document, message, attempt, claimer, now, limits),
    adopt,
  });
  if (document === null) return claim(1, false);
  switch (document.state) {
    case 'closed':
      return document.sent ? { kind: 'leave', why: 'the stage is closed' } : { kind: 'send' };
    case 'started':
      return { kind: 'leave', why: 'its Glue run has not ended' };
    case 'claimed':
      return document.lease_expires_at > now.toISOString()
        ? { kind: 'leave', why: 'another start holds the claim' }
        : claim(document.attempt + 1, true);
    case 'deferred':
    case 'retrying':
      return claim(document.attempt + 1, true);
    case 'dead':
      if (!document.sent) return { kind: 'send' };
      return redriven === document.attempt
        ? claim(document.attempt + 1, true)
        : { kind: 'leave', why: 'the run is dead, and this is not its redriven dead-letter message' };
  }
};

/**
 * Returns the claim after its Glue run has started or an earlier one was adopted. `attempt` stays the claim's: given to
 * a later claim again, it could let two Glue runs write the same object.
 */
export const started = (document: StageDocument, jobRunId: string, now: Date): StageDocument => ({
  ...document,
  state: 'started',
  job_run_id: jobRunId,
  started_at: now.toISOString(),
  deferrals: 0,
  deferred_since: null,
});

/** Returns the claim after Glue was at capacity: the message is sent back with a delay, or is dead after too long. */
export const deferred = (
  document: StageDocument,
  why: string,
  now: Date,
  limits: Limits,
  random: () => number,
): StageDocument => {
  const since = document.deferred_since ?? now.toISOString();
  if (now.getTime() - Date.parse(since) > limits.maxDeferralSeconds * 1000) {
    return dead(document, `no capacity for ${limits.maxDeferralSeconds} seconds`, null, why, now);
  }
  const deferrals = document.deferrals + 1;
  const delay = backoff(deferrals, limits, random);
  return {
    ...document,
    state: 'deferred',
    deferrals,
    deferred_since: since,
    lease_expires_at: secondsAfter(now, delay + limits.leaseSeconds),
    error: why,
    outbox: [{ kind: 'request', message: document.message, delay_seconds: delay }],
    sent: false,
  };
};

/** Returns the stage as dead: its message goes to the dead-letter queue with the reason. */
export const dead = (
  document: StageDocument,
  reason: string,
  jobRunId: string | null,
  error: string,
  now: Date,
): StageDocument => ({
  ...document,
  state: 'dead',
  ended_at: now.toISOString(),
  error: `${reason}: ${error}`,
  outbox: [
    { kind: 'dead_letter', message: document.message, attempt: document.attempt, reason, job_run_id: jobRunId, error },
  ],
  sent: false,
});
