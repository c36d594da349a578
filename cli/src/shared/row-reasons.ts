/** Reasons to quarantine a row, in the order in which validation checks them. */
export const ROW_REASONS = [
  'malformed_row',
  'missing_field',
  'too_long',
  'bad_timestamp',
  'timestamp_out_of_range',
  'bad_number',
  'unknown_user',
  'unknown_track',
] as const;
