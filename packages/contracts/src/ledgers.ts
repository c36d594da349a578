import type { DateLedger } from './documents/date.ts';
import type { FileLedger } from './documents/file.ts';

/** Counts the quarantined rows of all reasons. */
export const countQuarantined = ({ quarantined }: Pick<FileLedger, 'quarantined'>): number =>
  Object.values(quarantined).reduce((sum, rows) => sum + rows, 0);

/** Checks read = accepted + quarantined + duplicate. */
export const fileBalances = (ledger: FileLedger): boolean =>
  ledger.read === ledger.accepted + countQuarantined(ledger) + ledger.duplicate;

/** Checks accepted = counted + skipped + duplicate. */
export const dateBalances = ({ accepted, counted, skipped, duplicate }: DateLedger): boolean =>
  accepted === counted + skipped + duplicate;
