import { aFile } from '../testing/builders.ts';
import { aDate } from '../testing/operations.ts';
import { rowsByDate } from './dates.ts';
import { estimateBackfill } from './price.ts';

const rowsOn = (key: string, dates: Record<string, number>) => aFile(key, { dates });

test('the price counts rows of two dates before, Glue runs of three stages, and writes of items and index', () => {
  const files = [
    rowsOn('streams/a.csv', { '2018-11-01': 10, '2018-11-02': 20, '2018-11-03': 40 }),
    rowsOn('streams/b.csv', { '2018-11-04': 80 }),
    rowsOn('streams/c.csv', { '2018-10-30': 1000 }),
  ];
  const objects = {
    user_daily: { key: 'k', items: 1_000_000 },
    trending_24h: { key: 'k', items: 24 },
    top_genres: { key: 'k', items: 1 },
  };
  const published = [aDate('2018-11-03', { objects }), aDate('2018-11-29', { objects })];
  const estimate = estimateBackfill([['2018-11-03'], ['2018-11-04']], published, rowsByDate(files));
  expect(estimate).toMatchObject({
    files: 2,
    rows: 120,
    rows_read: 10 + 20 + 40 + (20 + 40 + 80),
    glue_runs: 6,
    items: 1_000_025,
    write_units: 4_000_050,
  });
  expect(estimate.glue_dollars).toBeCloseTo(0.088, 3);
  expect(estimate.dynamodb_dollars).toBeCloseTo(2.5, 3);
});
