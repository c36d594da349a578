import type { FaultCounter } from './counts.ts';
import type { FaultPlan } from './fault-plan.ts';
import type { FaultRates } from './rates.ts';

/** The inputs of every kind of fault. */
export type FaultContext = { faultPlan: FaultPlan; rates: FaultRates; counter: FaultCounter; now: () => number };
