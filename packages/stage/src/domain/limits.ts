/** How patient a stage is; every number is a setting of its deployment. */
export interface Limits {
  /** How long a claim without a Glue run is respected. */
  readonly leaseSeconds: number;
  /** How many failed Glue runs in a row before the message is a dead letter. */
  readonly maxFailures: number;
  readonly backoffBaseSeconds: number;
  /** SQS delays at most 900 s. */
  readonly backoffMaxSeconds: number;
  /** How long a at capacity may put a run off. */
  readonly maxDeferralSeconds: number;
  /** How long the reconciler leaves a silent run alone. */
  readonly silenceSeconds: number;
}

/**
 * Whole seconds to wait before try `n` (1, 2, …): doubling from the base, capped, and between half and all of that by
 * chance ("equal jitter"), so that those turned away together do not come back together.
 */
export const backoff = (n: number, limits: Limits, random: () => number): number => {
  const ceiling = Math.min(limits.backoffMaxSeconds, limits.backoffBaseSeconds * 2 ** Math.max(0, n - 1));
  return Math.ceil(ceiling / 2 + (ceiling / 2) * random());
};

export const secondsAfter = (now: Date, seconds: number): string =>
  new Date(now.getTime() + seconds * 1000).toISOString();
