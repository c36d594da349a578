import type { FaultPlan } from './fault-plan.ts';
import type { FaultLedger } from './ledger.ts';
import type { FaultRates } from './rates.ts';

/** What every kind of fault is made of. */
export type FaultDeps = { faultPlan: FaultPlan; rates: FaultRates; ledger: FaultLedger; now: () => number };
