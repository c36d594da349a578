import { aFile } from '../testing/builders.ts';
import { aDate, aDocumentStore, aReference, operationDeps, SNAPSHOT } from '../testing/operations.ts';
import { parseBackfill } from './options.ts';
import { planBackfill } from './plan.ts';
import { estimateLines } from './render.ts';

const request = (over: Partial<Parameters<typeof parseBackfill>[0]> = {}) =>
  parseBackfill({ from: '2018-11-01', to: '2018-11-30', datesPerRun: '7', suffix: '', ...over });

const rowsOn = (key: string, dates: Record<string, number>) => aFile(key, { dates });

test('a plan has the dates of the range that are published or have rows of current versions', async () => {
  const files = [
    rowsOn('streams/a.csv', { '2018-11-02': 3, '2018-12-01': 9, '2018-11-09': 0 }),
    aFile('streams/b.csv', { dates: { '2018-11-20': 4 } }, { version: 2, dates: { '2018-11-21': 4 } }),
  ];
  const deps = operationDeps(await aDocumentStore([aDate('2018-11-04'), aDate('2018-10-31')], files));
  const { document, estimate } = await planBackfill(deps, request({ datesPerRun: '2' }));
  expect(document.runs.map(({ dates }) => dates)).toEqual([['2018-11-02', '2018-11-04'], ['2018-11-21']]);
  expect(document).toMatchObject({
    concurrency: 2,
    reference_version: SNAPSHOT,
    requested_by: 'ada',
    completed_at: null,
  });
  expect(estimate).toMatchObject({ files: 2, rows: 7, runs: 2, glue_runs: 6 });
});

test('the estimate says what is read, started and paid, and what is not known', async () => {
  const deps = operationDeps(await aDocumentStore([], [rowsOn('streams/a.csv', { '2018-11-02': 1234 })]));
  const { document, estimate } = await planBackfill(deps, request());
  expect(estimateLines(estimate, document).join('\n')).toMatchInlineSnapshot(`
"dates      1 date with data, 2018-11-02
snapshot   20261123T100000000-0a0b0c0d
files      1 file with rows on these dates or the two before
rows       1,234 on these dates; 1,234 to read, with the two dates before each run's
runs       1, at most 2 at a time
Glue runs  3 (kpi, load, archive): at least $0.04, 2 × G.1X for a minute each
DynamoDB   not known: none of the dates was published before
in all     at least $0.04"
`);
});

test('a range without rows and a missing snapshot are errors', async () => {
  const empty = operationDeps(await aDocumentStore([], []));
  await expect(planBackfill(empty, request())).rejects.toThrow('no date from 2018-11-01 to 2018-11-30 has rows');
  const unready = operationDeps(
    await aDocumentStore([aDate('2018-11-04')], [], aReference({ reference_version: null })),
  );
  await expect(planBackfill(unready, request())).rejects.toThrow('there is no reference data yet');
});
