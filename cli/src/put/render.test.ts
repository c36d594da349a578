import { uploadLines } from './render.ts';
import { uploadOf } from './upload.ts';

const SHORT = uploadOf('a.csv', 'a.csv', 'stream');

test('an upload takes one line, or two where one would be wider than a terminal', () => {
  expect(uploadLines(SHORT, 'bucket', [], null)).toEqual(['stream  a.csv → s3://bucket/streams/a.csv']);
  const path = `/data/${'deep/'.repeat(8)}songs.csv`;
  expect(uploadLines(uploadOf(path, 'songs.csv', 'songs'), 'bucket', [], null)).toEqual([
    `songs   ${path}`,
    '        → s3://bucket/reference/songs/songs.csv',
  ]);
});

test('ignored columns and a repeat are shown below', () => {
  const columns = Array.from({ length: 14 }, (_, i) => `column_${i}`);
  const lines = uploadLines(SHORT, 'bucket', ['mood\u0007', ...columns], ['same content as version 1: skipped']);
  expect(lines[1]).toContain('        ignored columns: mood\\u0007, column_0');
  expect(lines.join(' ')).toContain('column_10 and 3 more');
  expect(lines.at(-1)).toBe('        same content as version 1: skipped');
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
});
