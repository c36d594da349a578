import { clip, clipLeft, clock, count, duration, many, reasons, table } from './format.ts';

test('numbers and times as people write them', () => {
  expect([count(7), count(1234), count(1234567)]).toEqual(['7', '1,234', '1,234,567']);
  expect([many(1, 'file'), many(1200, 'file')]).toEqual(['1 file', '1,200 files']);
  expect([clock(900), clock(61_500)]).toEqual(['0:00', '1:01']);
  expect([duration(900), duration(61_500), duration(7_260_000)]).toEqual(['0.9 s', '1 min 1 s', '2 h 1 min']);
});

test('long texts are cut where it hurts least', () => {
  expect(clip('Midnight Orchards', 9)).toBe('Midnight…');
  expect(clipLeft('2026-11-20-web.csv', 8)).toBe('…web.csv');
});

test('reasons come most frequent first', () => {
  expect(reasons({ unknown_user: 2, bad_number: 12, bad_timestamp: 2 })).toBe(
    '12 bad_number, 2 bad_timestamp, 2 unknown_user',
  );
});

test('a table is as wide as what it holds', () => {
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
