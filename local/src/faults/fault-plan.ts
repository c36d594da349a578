import { createHash } from 'node:crypto';

/** A number 0 ≤ x < 1 for a name: the same for the same seed, whatever else happens and in whatever order. */
export type FaultPlan = (...name: readonly (string | number)[]) => number;

/**
 * Chance that is a function of seed and name, not of the moment: two runs of one seed ask in different orders (five
 * services and their jobs race), and still the third read of a date's document has the same faultPlan in both.
 */
export const createFaultPlan =
  (seed: string): FaultPlan =>
  (...name) => {
    const digest = createHash('sha256')
      .update([seed, ...name].join('\0'))
      .digest();
    return digest.readUIntBE(0, 6) / 2 ** 48;
  };

const RUN_ID = /\d{8}T\d{9}-[0-9a-f]{8}/g;
const UUID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** A request's target without what differs from run to run of one seed. */
export const nameless = (target: string): string => target.replace(RUN_ID, 'RUN').replace(UUID, 'ID');

/** Counts how often a name was asked for: 1, 2, … */
export const createCounter = () => {
  const counts = new Map<string, number>();
  return (name: string): number => {
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    return count;
  };
};
