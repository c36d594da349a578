import { parseKpi } from './parse-kpi.ts';

const DAY = '2018-11-15';

test('an unknown metric, a missing or surplus dimension and an impossible period are errors', () => {
  expect(() => parseKpi('genres', [DAY])).toThrow('genres: not a metric');
  expect(() => parseKpi('genre_daily', [DAY])).toThrow('genre_daily needs a genre and a date');
  expect(() => parseKpi('top_genres', ['rock', DAY])).toThrow('top_genres has no dimension');
  expect(() => parseKpi('top_genres', ['2018-02-30'])).toThrow('2018-02-30: not a date');
  expect(() => parseKpi('trending_24h', [DAY])).toThrow('an item for every hour, and 2018-11-15 names none');
  for (const hour of [`${DAY}T24:00:00Z`, `${DAY}T18:30:00Z`, 'x']) {
    expect(() => parseKpi('trending_24h', [hour])).toThrow('not a full hour');
  }
});

test('an hour belongs to the date that ends with it, and may be written short', () => {
  expect(parseKpi('trending_24h', ['2018-11-16T00:00:00Z'])).toMatchObject({
    date: DAY,
    period: '2018-11-16T00:00:00Z',
  });
  expect(parseKpi('trending_24h', [`${DAY}T01`])).toMatchObject({ date: DAY, period: `${DAY}T01:00:00Z` });
});
