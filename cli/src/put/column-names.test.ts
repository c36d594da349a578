import { parquetColumns } from './column-names.ts';

test('names in a Parquet footer are found where their length comes before them', () => {
  const named = (name: string): Buffer =>
    Buffer.concat([Buffer.from([0x18, name.length]), Buffer.from(name), Buffer.from([0])]);
  const footer = Buffer.concat(['USER_ID', 'track_id', 'listen_time', 'my_created_at'].map(named));
  const names = ['created_at', 'listen_time', 'track_id', 'user_id'];
  expect(parquetColumns(footer, names)).toEqual(['listen_time', 'track_id', 'user_id']);
});
