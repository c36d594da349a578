import {
  clip,
  clipLeft,
  clock,
  count,
  duration,
  fold,
  keyWords,
  many,
  reasons,
  shellWord,
  table,
  wrap,
} from './format.ts';

test('numbers and times are rendered as people write them', () => {
  expect([count(7), count(1234), count(1234567)]).toEqual(['7', '1,234', '1,234,567']);
  expect([many(1, 'file'), many(1200, 'file')]).toEqual(['1 file', '1,200 files']);
  expect([clock(900), clock(61_500)]).toEqual(['0:00', '1:01']);
  expect([duration(900), duration(61_500), duration(7_260_000)]).toEqual(['0.9 s', '1 min 1 s', '2 h 1 min']);
});

test('long texts are cut at their end, file names at their beginning', () => {
  expect(clip('Midnight Orchards', 9)).toBe('Midnight…');
  expect(clipLeft('2026-11-20-web.csv', 8)).toBe('…web.csv');
});

test('reasons come most frequent first', () => {
  expect(reasons({ unknown_user: 2, bad_number: 12, bad_timestamp: 2 })).toBe(
    '12 bad_number, 2 bad_timestamp, 2 unknown_user',
  );
});

test('the columns of a table are as wide as their content', () => {
  expect(
    table(
      [{ title: 'genre' }, { title: 'n', right: true }],
      [
        ['rock', '1,200'],
        ['é', '7'],
      ],
    ),
  ).toEqual(['genre      n', '─────  ─────', 'rock   1,200', 'é          7']);
});

test('a list is broken at its commas, a text at its blanks', () => {
  expect(wrap('12 rock, 3 pop, 1 jazz', 15)).toEqual(['12 rock, 3 pop,', '1 jazz']);
  expect(wrap('one', 2)).toEqual(['one']);
  const lines = fold('word '.repeat(40).trim(), 4);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  expect(lines.every((line) => /^ {4}word/.test(line))).toBe(true);
});

test('many keys are named by the first three', () => {
  expect(keyWords(['a', 'b', 'c'])).toBe('a, b, c');
  expect(keyWords(['a', 'b', 'c', 'd', 'e'])).toBe('a, b, c and 2 more files');
});

test('a word of a shell command is quoted where it needs to be', () => {
  expect([shellWord('streams/a.csv'), shellWord("it's bad.csv")]).toEqual(['streams/a.csv', "'it'\\''s bad.csv'"]);
});
