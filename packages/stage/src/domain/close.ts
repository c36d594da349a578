import type { OutboxEntry, StageDocument } from '@music-etl/contracts';
import { dead } from './claim.ts';
import { backoff, type Limits, secondsAfter } from './limits.ts';
import type { JobRun } from './ports.ts';

export type CloseDecision =
  | { readonly kind: 'leave'; readonly why: string }
  | { readonly kind: 'send' }
  | { readonly kind: 'change'; readonly document: StageDocument };

/** What the job committed: the messages that follow from its result, or why it cannot be read. Null: no result. */
export type Outcome = { readonly next: readonly OutboxEntry[] } | { readonly unreadable: string } | null;

const closed = (document: StageDocument, job: JobRun, next: readonly OutboxEntry[], now: Date): StageDocument => ({
  ...document,
  state: 'closed',
  job_run_id: job.id,
  job_state: job.state,
  ended_at: now.toISOString(),
  error: null,
  outbox: [...next],
  sent: false,
});

const failed = (
  document: StageDocument,
  job: JobRun,
  now: Date,
  limits: Limits,
  random: () => number,
): StageDocument => {
  const failures = document.failures + 1;
  const error = job.error ?? `the Glue run ended as ${job.state} without a result`;
  const ended = { ...document, failures, job_run_id: job.id, job_state: job.state };
  // A person stopped it and does not want it started again.
  if (job.state === 'STOPPED') return dead(ended, 'stopped', job.id, error, now);
  if (failures >= limits.maxFailures) return dead(ended, `failed ${failures} times`, job.id, error, now);
  const delay = backoff(failures, limits, random);
  return {
    ...ended,
    state: 'retrying',
    ended_at: now.toISOString(),
    lease_expires_at: secondsAfter(now, delay + limits.leaseSeconds),
    error,
    outbox: [{ kind: 'request', message: document.message, delay_seconds: delay }],
    sent: false,
  };
};

/**
 * Returns the stage as dead. A result is never overwritten, and every further Glue run would find this one and do
 * nothing. A person has to remove it before a redrive helps.
 */
const unreadable = (document: StageDocument, job: JobRun, why: string, now: Date): StageDocument => {
  const ended = { ...document, failures: document.failures + 1, job_run_id: job.id, job_state: job.state };
  return dead(ended, 'unreadable result', job.id, `${why}; remove that object, then redrive`, now);
};

/** Returns whether the stage waits for this Glue run. An adopted one has an older attempt than its claim. */
const isAwaited = (document: StageDocument, job: JobRun): boolean =>
  document.job_run_id === null ? job.attempt === document.attempt : job.id === document.job_run_id;

/**
 * Decides what the end of a Glue run means for its stage. The committed result decides, not Glue's state: a run that
 * committed and then died is done, one that SUCCEEDED without a result has failed. A repeated event, or one of an older
 * attempt, changes nothing.
 */
export const decideClose = (
  document: StageDocument | null,
  job: JobRun,
  outcome: Outcome,
  now: Date,
  limits: Limits,
  random: () => number,
): CloseDecision => {
  if (document === null) return { kind: 'leave', why: 'no claim names this run' };
  if (document.state === 'closed')
    return document.sent ? { kind: 'leave', why: 'the stage is closed' } : { kind: 'send' };
  if (outcome !== null && 'next' in outcome) {
    return { kind: 'change', document: closed(document, job, outcome.next, now) };
  }
  if (document.state !== 'started' && document.state !== 'claimed') {
    return document.sent ? { kind: 'leave', why: `the stage is ${document.state}` } : { kind: 'send' };
  }
  if (outcome !== null) return { kind: 'change', document: unreadable(document, job, outcome.unreadable, now) };
  if (!isAwaited(document, job)) return { kind: 'leave', why: 'a Glue run failed that the stage does not wait for' };
  return { kind: 'change', document: failed(document, job, now, limits, random) };
};
