import { createHash } from 'node:crypto';

/** Returns a number 0 ≤ x < 1 for a name. The same seed gives the same number, in whatever order it is called. */
export type FaultPlan = (...name: readonly (string | number)[]) => number;

/**
 * Creates the plan of a seed. Chance depends on seed and name, not on the moment: five services and their jobs race, so
 * two runs of one seed make their requests in different orders. The third read of a document fares alike in both.
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

/** Replaces the ids that differ between two runs of one seed. */
export const withoutIds = (target: string): string => target.replace(RUN_ID, 'RUN').replace(UUID, 'ID');

/** Creates a function that counts the calls with each name: 1, 2, … */
export const createOccurrences = () => {
  const counts = new Map<string, number>();
  return (name: string): number => {
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    return count;
  };
};
