import { aValidateResult } from '@music-etl/testing';
import { onlyOf } from '@music-etl/testing/metrics';
import { measure } from '../src/domain/measure.ts';

const REASONS = [
  'malformed_row',
  'missing_field',
  'bad_timestamp',
  'timestamp_out_of_range',
  'bad_number',
  'unknown_user',
  'unknown_track',
  'too_long',
];
const everyReason = Object.fromEntries(REASONS.map((reason, i) => [reason, i + 1]));

test('rows are counted by outcome, quarantined ones by reason, rows of files on hold apart', () => {
  const measured = measure(
    aValidateResult(
      {
        outcome: 'validated',
        ledger: { read: 48, accepted: 10, quarantined: everyReason, duplicate: 2 },
        reused_event_ids: 3,
      },
      { outcome: 'superseded', ledger: { read: 6, accepted: 6, quarantined: {}, duplicate: 0 } },
      { outcome: 'held', ledger: { read: 10, accepted: 2, quarantined: { unknown_user: 8 }, duplicate: 0 } },
      { outcome: 'skipped', ledger: null },
    ),
  );
  expect(Object.fromEntries(measured.map(({ name, value }) => [name, value]))).toEqual({
    RowsAccepted: 16,
    RowsDuplicate: 2,
    RowsQuarantined: 44,
    RowsMalformedRow: 1,
    RowsMissingField: 2,
    RowsBadTimestamp: 3,
    RowsTimestampOutOfRange: 4,
    RowsBadNumber: 5,
    RowsUnknownUser: 14,
    RowsUnknownTrack: 7,
    RowsTooLong: 8,
    RowsHeld: 10,
    FilesHeld: 1,
    ReusedEventIds: 3,
    QuarantinedPercent: (100 * 44) / 64,
  });
  expect(measured.map(({ name }) => name).sort()).toEqual(onlyOf('validate'));
});

test('a clean run has a share of 0, and a run without rows has no share', () => {
  const clean = { outcome: 'validated', ledger: { read: 1, accepted: 1, quarantined: {}, duplicate: 0 } } as const;
  expect(measure(aValidateResult(clean))).toEqual([
    { name: 'RowsAccepted', value: 1 },
    { name: 'QuarantinedPercent', value: 0 },
  ]);
  expect(measure(aValidateResult({ outcome: 'skipped' }))).toEqual([]);
});
