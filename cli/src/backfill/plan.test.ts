import { aFile, aStage } from '../testing/builders.ts';
import { aDate, aDocumentStore, aReference, operationDeps, SNAPSHOT } from '../testing/operations.ts';
import { chunksOf, parseBackfill } from './plan.ts';
import { estimateBackfill } from './price.ts';
import { estimateLines } from './render.ts';
import { lookOf } from './runs.ts';
import { planBackfill } from './start.ts';

const asked = (over: Partial<Parameters<typeof parseBackfill>[0]> = {}) =>
  parseBackfill({ from: '2018-11-01', to: '2018-11-30', datesPerRun: '7', suffix: '', ...over });

const rowsOn = (key: string, dates: Record<string, number>) => aFile(key, { dates });

test('dates are those published and those with standing rows, inside the range; a date that a correction emptied has none', async () => {
  const files = [
    rowsOn('streams/a.csv', { '2018-11-02': 3, '2018-12-01': 9, '2018-11-09': 0 }),
    aFile('streams/b.csv', { dates: { '2018-11-20': 4 } }, { version: 2, dates: { '2018-11-21': 4 } }),
  ];
  const deps = operationDeps(await aDocumentStore([aDate('2018-11-04'), aDate('2018-10-31')], files));
  const { document, estimate } = await planBackfill(deps, asked({ datesPerRun: '2' }));
  expect(document.runs.map(({ dates }) => dates)).toEqual([['2018-11-02', '2018-11-04'], ['2018-11-21']]);
  expect(document).toMatchObject({
    concurrency: 2,
    reference_version: SNAPSHOT,
    requested_by: 'ada',
    completed_at: null,
  });
  expect(estimate).toMatchObject({ files: 2, rows: 7, runs: 2, glue_runs: 6 });
});

test('the price: rows of the two days before each run, three Glue runs a run, two write units an item and two more in the index', () => {
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
  const estimate = estimateBackfill([['2018-11-03'], ['2018-11-04']], published, files);
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

test('a dry run says what there is to say, and what is not known', async () => {
  const deps = operationDeps(await aDocumentStore([], [rowsOn('streams/a.csv', { '2018-11-02': 1234 })]));
  const { document, estimate } = await planBackfill(deps, asked());
  expect(estimateLines(estimate, document).join('\n')).toMatchInlineSnapshot(`
"dates      1 date with data, 2018-11-02
snapshot   20261123T100000000-0a0b0c0d
files      1 file with rows on them or on the two days before each
rows       1,234 on these dates; 1,234 to read, the two days before each run's included
runs       1, at most 2 at a time
Glue runs  3 (kpi, load, archive): at least $0.04, 2 × G.1X for a minute each
DynamoDB   not known: none of the dates was published before
in all     at least $0.04"
`);
});

test('nothing to compute, or to compute with, is an error', async () => {
  const empty = operationDeps(await aDocumentStore([], []));
  await expect(planBackfill(empty, asked())).rejects.toThrow('no date from 2018-11-01 to 2018-11-30 has rows');
  const unready = operationDeps(await aDocumentStore([aDate('2018-11-04')], [], aReference(null)));
  await expect(planBackfill(unready, asked())).rejects.toThrow('there is no reference data yet');
});

test('dates and numbers that cannot be', () => {
  expect(() => asked({ from: '2018-11-31' })).toThrow('--from 2018-11-31: not a date');
  expect(() => asked({ to: '2018-10-01' })).toThrow('--from 2018-11-01 is later than --to 2018-10-01');
  for (const concurrency of ['0', '-1', '1.5', 'x', '367', '']) {
    expect(() => asked({ concurrency })).toThrow(`--concurrency ${concurrency}: not a number`);
  }
  expect(() => asked({ datesPerRun: '0' })).toThrow('--dates-per-run 0: not a number');
  expect(asked({ concurrency: '3' }).concurrency).toBe(3);
});

test('how far a run is, by its stages', () => {
  expect(lookOf(false, []).kind).toBe('absent');
  expect(lookOf(true, []).kind).toBe('unclaimed');
  expect(lookOf(true, [aStage('kpi')])).toEqual({ kind: 'under way', stage: 'kpi' });
  expect(lookOf(true, [aStage('kpi'), aStage('load', { state: 'dead' })]).kind).toBe('dead');
  expect(lookOf(true, [aStage('kpi'), aStage('load'), aStage('archive')]).kind).toBe('done');
  expect(lookOf(true, [aStage('kpi'), aStage('load'), aStage('archive', { state: 'retrying' })]).kind).toBe(
    'under way',
  );
  expect(chunksOf([1, 2, 3], 2)).toEqual([[1, 2], [3]]);
});
