import type { DateDocument } from '@music-etl/contracts';
import { aFile, RUN } from '../../testing/builders.ts';
import { listedVersions } from '../versions.ts';
import { imbalances } from './balance.ts';

const aDate = (accepted: number, counted: number, skipped: number, duplicate: number): DateDocument => ({
  schema_version: 1,
  date: '2018-11-15',
  generation: 1,
  run_id: RUN,
  reference_version: 'r1',
  computed_at: '2026-11-23T10:05:02.123Z',
  ledger: { accepted, counted, skipped, duplicate },
  files: [],
  objects: {},
});

test('nothing to say where every row is accounted for', () => {
  expect(imbalances([aFile('streams/a.csv')], [aDate(7, 4, 2, 1)])).toEqual([]);
});

test('a file that lost a row is named with its numbers', () => {
  const file = aFile('streams/a.csv', {
    ledger: { read: 11, accepted: 7, quarantined: { unknown_user: 2 }, duplicate: 1 },
  });
  expect(imbalances([file], [aDate(7, 7, 0, 0)])).toEqual([
    'streams/a.csv version 1: read 11, but accepted 7 + quarantined 2 + duplicate 1',
  ]);
});

test('a date is checked within itself and against its files', () => {
  expect(imbalances([aFile('streams/a.csv')], [aDate(8, 7, 0, 0)])).toEqual([
    '2018-11-15: accepted 8, but counted 7 + skipped 0 + duplicate 0',
    '2018-11-15: files hold 7 accepted rows, its KPIs are of 8',
  ]);
});

test('a file is listed by its standing version and the newest held or rejected one above it', () => {
  const listed = (...states: ('archived' | 'held' | 'rejected' | 'validated' | 'superseded' | 'running')[]) =>
    listedVersions(aFile('k', ...states.map((state, i) => ({ version: i + 1, state })))).map(({ version }) => version);
  expect(listed('archived')).toEqual([1]);
  expect(listed('archived', 'archived')).toEqual([2]);
  expect(listed('held', 'archived')).toEqual([2]);
  expect(listed('archived', 'held', 'rejected')).toEqual([1, 3]);
  expect(listed('rejected')).toEqual([1]);
  expect(listed('archived', 'running')).toEqual([1]);
  expect(listed('running')).toEqual([]);
});
