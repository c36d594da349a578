import { onlyOf } from '@music-etl/stage/test/support/measured';
import { measure } from '../src/domain/measure.ts';

const REASONS = [
  'malformed_row',
  'missing_field',
  'bad_timestamp',
  'timestamp_out_of_range',
  'bad_number',
  'unknown_user',
  'unknown_track',
];
const everyReason = Object.fromEntries(REASONS.map((reason, i) => [reason, i + 1]));

const file = { file_id: 'a'.repeat(32), key: 'streams/a.csv', version: 1, quarantine_key: null, dates: {} };
const aResult = (...files: object[]) => ({
  schema_version: 1,
  run_id: '20261123T100502123-9f86d081',
  attempt: 1,
  committed_at: '2026-11-23T10:10:00.000Z',
  reference_version: 'r1',
  files: files.map((one) => ({ ...file, ...one })),
  touched_dates: [],
});

test('rows are counted by what became of them, rejected ones by reason, rows of held files apart', () => {
  const measured = measure(
    aResult(
      { outcome: 'validated', ledger: { read: 40, accepted: 10, quarantined: everyReason, duplicate: 2 } },
      { outcome: 'superseded', ledger: { read: 6, accepted: 6, quarantined: {}, duplicate: 0 } },
      { outcome: 'held', ledger: { read: 10, accepted: 2, quarantined: { unknown_user: 8 }, duplicate: 0 } },
      { outcome: 'skipped', ledger: null },
    ),
  );
  expect(Object.fromEntries(measured.map(({ name, value }) => [name, value]))).toEqual({
    RowsAccepted: 16,
    RowsDuplicate: 2,
    RowsQuarantined: 36,
    RowsMalformedRow: 1,
    RowsMissingField: 2,
    RowsBadTimestamp: 3,
    RowsTimestampOutOfRange: 4,
    RowsBadNumber: 5,
    RowsUnknownUser: 14,
    RowsUnknownTrack: 7,
    RowsHeld: 10,
    FilesHeld: 1,
    QuarantinedPercent: (100 * 36) / 56,
  });
  expect(measured.map(({ name }) => name).sort()).toEqual(onlyOf('validate'));
});

test('of a clean run nothing is rejected; of a run without rows there is no share to speak of', () => {
  const clean = { outcome: 'validated', ledger: { read: 1, accepted: 1, quarantined: {}, duplicate: 0 } };
  expect(measure(aResult(clean))).toEqual([
    { name: 'RowsAccepted', value: 1 },
    { name: 'QuarantinedPercent', value: 0 },
  ]);
  expect(measure(aResult({ outcome: 'skipped', ledger: null }))).toEqual([]);
});
