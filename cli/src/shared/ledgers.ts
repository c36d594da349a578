import { countQuarantined, type DateDocument, type FileLedger } from '@music-etl/contracts';
import { count } from './format.ts';

export const EMPTY_LEDGER: FileLedger = { read: 0, accepted: 0, quarantined: {}, duplicate: 0 };

/** Adds up the ledgers of files. */
export const addLedgers = (ledgers: Iterable<FileLedger>): FileLedger => {
  const sum: FileLedger = { read: 0, accepted: 0, quarantined: {}, duplicate: 0 };
  for (const ledger of ledgers) {
    sum.read += ledger.read;
    sum.accepted += ledger.accepted;
    sum.duplicate += ledger.duplicate;
    for (const [reason, rows] of Object.entries(ledger.quarantined)) {
      sum.quarantined[reason] = (sum.quarantined[reason] ?? 0) + rows;
    }
  }
  return sum;
};

/** `10 read = 7 accepted + 2 quarantined + 1 duplicate` */
export const fileLedgerWords = (ledger: FileLedger): string =>
  `${count(ledger.read)} read = ${count(ledger.accepted)} accepted + ` +
  `${count(countQuarantined(ledger))} quarantined + ${count(ledger.duplicate)} duplicate`;

/** `10 = 7 + 2 + 1`, with each number right-aligned to `widths` */
export const ledgerNumbers = (ledger: FileLedger, widths: readonly number[] = []): string => {
  const numbers = [ledger.read, ledger.accepted, countQuarantined(ledger), ledger.duplicate];
  const [read, accepted, quarantined, duplicate] = numbers.map((n, i) => count(n).padStart(widths[i] ?? 0));
  return `${read} = ${accepted} + ${quarantined} + ${duplicate}`;
};

/** The ledgers of several dates, added up. */
export interface DateTotals {
  /** Dates with accepted rows. */
  total: number;
  accepted: number;
  counted: number;
  skipped: number;
  duplicate: number;
}

/** Adds up the ledgers of the dates that have accepted rows. */
export const dateTotals = (dates: readonly DateDocument[]): DateTotals => {
  const sum: DateTotals = { total: 0, accepted: 0, counted: 0, skipped: 0, duplicate: 0 };
  for (const { ledger } of dates) {
    if (ledger.accepted === 0) continue;
    sum.total += 1;
    sum.accepted += ledger.accepted;
    sum.counted += ledger.counted;
    sum.skipped += ledger.skipped;
    sum.duplicate += ledger.duplicate;
  }
  return sum;
};

/** `7 accepted = 5 counted + 1 skipped + 1 duplicate` */
export const dateLedgerWords = ({ accepted, counted, skipped, duplicate }: DateTotals): string =>
  `${count(accepted)} accepted = ${count(counted)} counted + ${count(skipped)} skipped + ${count(duplicate)} duplicate`;
