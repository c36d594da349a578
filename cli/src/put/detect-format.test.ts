import { compressionOf, kindOf, parquetColumns, textColumns } from './detect-format.ts';

const kindOfText = (text: string) => kindOf(textColumns(text));

test.each([
  ['stream', 'user_id,track_id,listen_time\n1,2,3\n'],
  ['stream', '\uFEFFTIMESTAMP , Song_ID,"user_id"\r\n'],
  ['stream', '{"user_id":"1","track_id":"a","listen_time":"2018-11-15 00:00:00"}\n{"cut off'],
  ['stream', '\n{"track_id":"a"}\n{"user_id":"1","timestamp":1}\n'],
  ['songs', 'id,track_id,artists,album_name,track_name,popularity,duration_ms,explicit,track_genre\n'],
  ['users', 'user_id,user_name,user_age,user_country,created_at\n'],
])('a file of %s is known by its columns: %j', (kind, text) => {
  expect(kindOfText(text)).toBe(kind);
});

test('a stream that lacks its track is a stream all the same, for the pipeline to reject', () => {
  expect(kindOfText('user_id,listen_time\n')).toBe('stream');
});

test('what has no known columns is nothing', () => {
  expect(kindOfText('a,b,c\n1,2,3\n')).toBeNull();
  expect(kindOfText('')).toBeNull();
  expect(kindOfText('[1, 2]')).toBeNull();
});

test('Parquet names are found in its footer, where their length stands before them', () => {
  const named = (name: string): Buffer =>
    Buffer.concat([Buffer.from([0x18, name.length]), Buffer.from(name), Buffer.from([0])]);
  const footer = Buffer.concat(['USER_ID', 'track_id', 'listen_time', 'my_created_at'].map(named));
  expect(parquetColumns(footer)).toEqual(['user_id', 'track_id', 'listen_time']);
  expect(kindOf(parquetColumns(footer))).toBe('stream');
});

test('compression is told by its first bytes', () => {
  expect(compressionOf(Buffer.from([0x1f, 0x8b, 8, 0]))).toBe('gzip');
  expect(compressionOf(Buffer.from([0x28, 0xb5, 0x2f, 0xfd]))).toBe('zstd');
  expect(compressionOf(Buffer.from('user'))).toBe('none');
});
