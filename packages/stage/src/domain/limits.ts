/** Times and numbers of tries of a stage; each is a setting of its deployment. */
export interface Limits {
  /** How long a claim without a Glue run is valid. */
  readonly leaseSeconds: number;
  /** After how many failed Glue runs in a row the message goes to the dead-letter queue. */
  readonly maxFailures: number;
  readonly backoffBaseSeconds: number;
  /** SQS delays at most 900 s. */
  readonly backoffMaxSeconds: number;
  /** How long a run may be deferred before its message goes to the dead-letter queue. */
  readonly maxDeferralSeconds: number;
  /** How long the reconciler waits for an event before it checks a run. */
  readonly silenceSeconds: number;
}

/**
 * Returns the whole seconds to wait before try `n` (1, 2, …). The delay doubles from the base up to the maximum; a
 * random half of it is taken off ("equal jitter"), so that runs deferred together do not come back together.
 */
export const backoff = (n: number, limits: Limits, random: () => number): number => {
  const ceiling = Math.min(limits.backoffMaxSeconds, limits.backoffBaseSeconds * 2 ** Math.max(0, n - 1));
  return Math.ceil(ceiling / 2 + (ceiling / 2) * random());
};

export const secondsAfter = (now: Date, seconds: number): string =>
  new Date(now.getTime() + seconds * 1000).toISOString();
