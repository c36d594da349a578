import type { StageDocument, StageRequested } from '@music-etl/contracts';
import { stageOf } from '@music-etl/contracts';
import { backoff, type Limits, secondsAfter } from './limits.ts';

export type ClaimDecision =
  /** Somebody has it, or it is done. */
  | { readonly kind: 'leave'; readonly why: string }
  /** Closed or given up, but what follows was not (surely) sent. */
  | { readonly kind: 'send' }
  /**
   * Take it. `adopt`: an earlier start may have begun a Glue run; look for it first. Every claim but the first has to,
   * even after a at capacity: the answer to a StartJobRun that the SDK repeated says full though the first call began one.
   */
  | { readonly kind: 'claim'; readonly document: StageDocument; readonly adopt: boolean };

const taken = (
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
  // A claim that died after a at capacity goes on counting, or crashes would make the patience endless.
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
 * What a message for a run finds: nobody (claim), a living claim or a running job (leave), a claim whose holder died
 * (take over, under a new attempt so that the two can never write the same object), a at capacity or failure that asked
 * for this message (claim), a dead letter that was redriven (claim with a fresh budget of failures).
 */
export const decideClaim = (
  document: StageDocument | null,
  message: StageRequested,
  claimer: string,
  now: Date,
  limits: Limits,
): ClaimDecision => {
  const claim = (attempt: number, adopt: boolean): ClaimDecision => ({
    kind: 'claim',
    document: taken(document, message, attempt, claimer, now, limits),
    adopt,
  });
  if (document === null) return claim(1, false);
  switch (document.state) {
    case 'closed':
      return document.sent ? { kind: 'leave', why: 'the stage is closed' } : { kind: 'send' };
    case 'started':
      return { kind: 'leave', why: 'its Glue run is under way' };
    case 'claimed':
      return document.lease_expires_at > now.toISOString()
        ? { kind: 'leave', why: 'another start holds the claim' }
        : claim(document.attempt + 1, true);
    case 'deferred':
    case 'retrying':
      return claim(document.attempt + 1, true);
    case 'dead':
      return document.sent ? claim(document.attempt + 1, true) : { kind: 'send' };
  }
};

/**
 * The claim after its Glue run began, or after one that an earlier start began was adopted. `attempt` stays: it was
 * given to this claim, and given again it could let two Glue runs write the same object.
 */
export const started = (claimed: StageDocument, jobRunId: string, now: Date): StageDocument => ({
  ...claimed,
  state: 'started',
  job_run_id: jobRunId,
  started_at: now.toISOString(),
  deferrals: 0,
  deferred_since: null,
});

/** The claim after a at capacity: a delayed copy of the message, or a dead letter when that went on too long. */
export const deferred = (
  claimed: StageDocument,
  why: string,
  now: Date,
  limits: Limits,
  random: () => number,
): StageDocument => {
  const since = claimed.deferred_since ?? now.toISOString();
  if (now.getTime() - Date.parse(since) > limits.maxDeferralSeconds * 1000) {
    return dead(claimed, `no capacity for ${limits.maxDeferralSeconds} seconds`, null, why, now);
  }
  const deferrals = claimed.deferrals + 1;
  const delay = backoff(deferrals, limits, random);
  return {
    ...claimed,
    state: 'deferred',
    deferrals,
    deferred_since: since,
    lease_expires_at: secondsAfter(now, delay + limits.leaseSeconds),
    error: why,
    outbox: [{ kind: 'request', message: claimed.message, delay_seconds: delay }],
    sent: false,
  };
};

/** Given up: the original message goes to the dead-letter queue with what is known. */
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
  outbox: [{ kind: 'dead_letter', message: document.message, reason, job_run_id: jobRunId, error }],
  sent: false,
});
