import type { DateDocument } from '@music-etl/contracts';
import { aDate } from '@music-etl/testing';
import { aFile } from '../../testing/builders.ts';
import { imbalances } from './balance.ts';

const dateWith = (accepted: number, counted: number, skipped: number, duplicate: number): DateDocument =>
  aDate('2018-11-15', { ledger: { accepted, counted, skipped, duplicate } });

test('no imbalance when every row is accounted for', () => {
  expect(imbalances([aFile('streams/a.csv')], [dateWith(7, 4, 2, 1)])).toEqual([]);
});

test('a file that lost a row is named with its numbers', () => {
  const file = aFile('streams/a.csv', {
    ledger: { read: 11, accepted: 7, quarantined: { unknown_user: 2 }, duplicate: 1 },
  });
  expect(imbalances([file], [dateWith(7, 7, 0, 0)])).toEqual([
    'streams/a.csv version 1: read 11, but accepted 7 + quarantined 2 + duplicate 1',
  ]);
});

test('a date is checked by itself and against its files', () => {
  expect(imbalances([aFile('streams/a.csv')], [dateWith(8, 7, 0, 0)])).toEqual([
    '2018-11-15: accepted 8, but counted 7 + skipped 0 + duplicate 0',
    '2018-11-15: files hold 7 accepted rows, its KPIs are of 8',
  ]);
});
