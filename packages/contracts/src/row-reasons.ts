/** Reasons to quarantine a row, in the order in which validation checks them: the first that a row meets counts. */
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
export type RowReason = (typeof ROW_REASONS)[number];

/** Reasons that a newer snapshot may resolve: the column with the unknown id, and the table that may list it. */
export const UNKNOWN_IDS = {
  unknown_user: { column: 'user_id', table: 'users' },
  unknown_track: { column: 'track_id', table: 'tracks' },
} as const satisfies Partial<Record<RowReason, { column: string; table: string }>>;

type Pascal<S extends string> = S extends `${infer Head}_${infer Tail}`
  ? `${Capitalize<Head>}${Pascal<Tail>}`
  : Capitalize<S>;

const pascal = <S extends string>(name: S): Pascal<S> =>
  name.replace(/(^|_)(.)/g, (_match, _before, letter: string) => letter.toUpperCase()) as Pascal<S>;

/** The metric that counts the rows that are quarantined for a reason: `RowsUnknownUser`. */
export type RowsMetric<R extends RowReason = RowReason> = `Rows${Pascal<R>}`;
export const rowsMetric = <R extends RowReason>(reason: R): RowsMetric<R> => `Rows${pascal(reason)}`;
