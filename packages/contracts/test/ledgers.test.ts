import { countQuarantined, dateBalances, fileBalances } from '../src/index.ts';

const FILE = { read: 10, accepted: 6, quarantined: { unknown_user: 2, bad_number: 1 }, duplicate: 1 };
const DATE = { accepted: 6, counted: 3, skipped: 2, duplicate: 1 };

test('the quarantined rows of all reasons are added up', () => {
  expect([countQuarantined(FILE), countQuarantined({ quarantined: {} })]).toEqual([3, 0]);
});

test('a ledger balances if every row has exactly one outcome', () => {
  expect([fileBalances(FILE), fileBalances({ ...FILE, read: 9 })]).toEqual([true, false]);
  expect([dateBalances(DATE), dateBalances({ ...DATE, accepted: 7 })]).toEqual([true, false]);
});
