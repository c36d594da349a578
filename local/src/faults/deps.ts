import type { Fate } from './fate.ts';
import type { FaultLedger } from './ledger.ts';
import type { FaultRates } from './rates.ts';

/** What every kind of fault is made of. */
export type FaultDeps = { fate: Fate; rates: FaultRates; ledger: FaultLedger; now: () => number };
