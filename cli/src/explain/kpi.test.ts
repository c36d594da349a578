import { METRICS } from '@music-etl/contracts';
import { datesBehind, kpiName } from './kpi.ts';

const metricNamed = (name: string) => {
  const metric = METRICS.find((each) => each.name === name);
  if (metric === undefined) throw new Error(`no metric is called ${name}`);
  return metric;
};

test('an item of an hour is computed from its date and the two before, other items from their date', () => {
  const genre = { metric: metricNamed('genre_daily'), dimension: 'rock', period: '2018-11-15', date: '2018-11-15' };
  const trending = {
    metric: metricNamed('trending_24h'),
    dimension: null,
    period: '2018-11-15T13Z',
    date: '2018-11-15',
  };
  expect(datesBehind(genre)).toEqual(['2018-11-15']);
  expect(datesBehind(trending)).toEqual(['2018-11-15', '2018-11-14', '2018-11-13']);
  expect([genre, trending].map(kpiName)).toEqual(['genre_daily rock 2018-11-15', 'trending_24h 2018-11-15T13Z']);
});
