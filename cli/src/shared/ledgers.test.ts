import { aDate } from '@music-etl/testing';
import { addLedgers, dateLedgerWords, dateTotals, fileLedgerWords, ledgerNumbers } from './ledgers.ts';

const LEDGER = { read: 1210, accepted: 1200, quarantined: { unknown_user: 6, bad_number: 1 }, duplicate: 3 };

test('ledgers of files are added up, reason by reason', () => {
  const sum = addLedgers([LEDGER, { read: 2, accepted: 1, quarantined: { bad_number: 1 }, duplicate: 0 }]);
  expect(sum).toEqual({ read: 1212, accepted: 1201, quarantined: { unknown_user: 6, bad_number: 2 }, duplicate: 3 });
});

test('a ledger is rendered with words or as numbers', () => {
  expect(fileLedgerWords(LEDGER)).toBe('1,210 read = 1,200 accepted + 7 quarantined + 3 duplicate');
  expect(ledgerNumbers(LEDGER)).toBe('1,210 = 1,200 + 7 + 3');
  expect(ledgerNumbers(LEDGER, [6, 6, 2, 2])).toBe(' 1,210 =  1,200 +  7 +  3');
});

test('ledgers of dates are added up without dates that have no accepted rows', () => {
  const empty = aDate('2018-11-14', { ledger: { accepted: 0, counted: 0, skipped: 0, duplicate: 0 } });
  const totals = dateTotals([aDate('2018-11-15'), aDate('2018-11-16'), empty]);
  expect(totals.total).toBe(2);
  expect(dateLedgerWords(totals)).toBe('14 accepted = 12 counted + 2 skipped + 0 duplicate');
});
