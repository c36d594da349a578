import { parseFilter, parseLimit } from './filter.ts';

test('without options the filter selects everything', () => {
  expect(parseFilter({})).toEqual({ reason: null, file: null, date: null });
});

test('an unknown reason and an impossible date are errors', () => {
  expect(() => parseFilter({ reason: 'typo' })).toThrow('--reason typo: not a reason');
  expect(() => parseFilter({ date: 'today' })).toThrow('--date today: not a date');
  expect(parseFilter({ reason: 'too_long', date: '2018-11-15' })).toMatchObject({ reason: 'too_long' });
});

test('without a limit a person is shown 20 rows, and a program all', () => {
  expect([parseLimit(undefined), parseLimit(undefined, true)]).toEqual([20, Number.POSITIVE_INFINITY]);
});

test('a limit is a number from 1 up', () => {
  expect(parseLimit('20')).toBe(20);
  for (const limit of ['0', '-1', '1.5', 'x', '']) expect(() => parseLimit(limit)).toThrow('not a number of rows');
});
