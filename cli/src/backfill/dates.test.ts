import { chunksOf, spanWords } from './dates.ts';

test('a list is cut into chunks, the last one shorter', () => {
  expect(chunksOf([1, 2, 3], 2)).toEqual([[1, 2], [3]]);
  expect(chunksOf([], 2)).toEqual([]);
});

test('a span names the first and the last date', () => {
  expect(spanWords(['2018-11-01', '2018-11-02', '2018-11-07'])).toBe('2018-11-01 … 2018-11-07');
  expect(spanWords(['2018-11-01'])).toBe('2018-11-01');
});
