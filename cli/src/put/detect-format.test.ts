import { STREAM_COLUMNS } from '@music-etl/contracts';
import { textColumns } from './column-names.ts';
import { detectKind, ignoredColumns, streamColumnWords } from './detect-format.ts';

const kindOfText = (text: string) => detectKind(textColumns(text));

test.each([
  ['stream', 'user_id,track_id,listen_time\n1,2,3\n'],
  ['stream', '\uFEFFTIMESTAMP , Song_ID,"user_id"\r\n'],
  ['stream', '{"user_id":"1","track_id":"a","listen_time":"2018-11-15 00:00:00"}\n{"cut off'],
  ['stream', '\n{"track_id":"a"}\n{"user_id":"1","timestamp":1}\n'],
  ['songs', 'id,track_id,artists,album_name,track_name,popularity,duration_ms,explicit,track_genre\n'],
  ['users', 'user_id,user_name,user_age,user_country,created_at\n'],
])('a file of %s is detected by its columns: %j', (kind, text) => {
  expect(kindOfText(text)).toBe(kind);
});

test('a stream that lacks a required column is detected as a stream, which the pipeline rejects', () => {
  expect(kindOfText('user_id,listen_time\n')).toBe('stream');
  expect(kindOfText('song_id,timestamp\n')).toBe('stream');
  expect(kindOfText('song_id,user_id\n')).toBe('stream');
});

test('a file without known columns is of no kind', () => {
  expect(kindOfText('a,b,c\n1,2,3\n')).toBeNull();
  expect(kindOfText('')).toBeNull();
  expect(kindOfText('[1, 2]')).toBeNull();
});

test('every stream column of the contract is known, under all its names', () => {
  const names = STREAM_COLUMNS.flatMap(({ name, aliases }) => [name, ...aliases.map((alias) => alias.name)]);
  expect(ignoredColumns('stream', [...names, 'mood', ''])).toEqual(['mood']);
  expect(ignoredColumns('songs', ['danceability'])).toEqual([]);
});

test('the columns of a stream are described with their other names', () => {
  expect(streamColumnWords(true)).toBe('user_id, track_id (or song_id), listen_time (or timestamp)');
  expect(streamColumnWords(false)).toContain('ms_played (or duration)');
});
