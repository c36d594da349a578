import type { Plan } from '@music-etl/testing/faults';
import fc from 'fast-check';

/** Generates fault plans of one invocation with at most `calls` calls, or null for no fault. */
export const aPlan = (calls: number): fc.Arbitrary<Plan | null> =>
  fc.option(
    fc.record({
      at: fc.integer({ min: 1, max: calls }),
      fault: fc.constantFrom({ kind: 'dies' } as const, { kind: 'fails' } as const, { kind: 'answer lost' } as const),
    }),
  );
