import { columnProblem, PATCH_COLUMNS, valueText } from './patch-values.ts';

test('a patch may set every column of a stream, and ms_played in seconds too', () => {
  expect(PATCH_COLUMNS).toEqual(
    expect.arrayContaining(['user_id', 'track_id', 'listen_time', 'event_id', 'ms_played', 'duration', 'completed']),
  );
  expect(columnProblem('duration', '1.5')).toBeNull();
});

test('another name of a column is an error that names the column to write', () => {
  expect(columnProblem('Song_ID', 'x')).toBe('Song_ID: not a column; write track_id');
  expect(columnProblem('colour', 'x')).toMatch(/^colour: not a column; the columns are user_id, /);
});

test('values become text, and null takes the value away', () => {
  expect([valueText('a'), valueText(3), valueText(true), valueText(null)]).toEqual(['a', '3', 'true', '']);
});
