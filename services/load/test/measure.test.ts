import { aLoadResult, aRunDocument, aRunFile, KEY, NOW, RUN } from '@music-etl/testing';
import { onlyOf } from '@music-etl/testing/metrics';
import { measure } from '../src/domain/measure.ts';

const at = NOW.toISOString();
const aRun = (...arrivals: (string | null)[]) =>
  aRunDocument({ files: arrivals.map((arrived_at) => aRunFile(KEY, { arrived_at })) });

const result = aLoadResult({
  dates: [
    { date: '2026-11-21', generation: 3, written: 5, removed: 1, superseded: 0 },
    { date: '2026-11-22', generation: 3, written: 7, removed: 1, superseded: 0 },
  ],
});
const counts = [
  { name: 'DatesLoaded', value: 2 },
  { name: 'ItemsWritten', value: 12 },
  { name: 'ItemsRemoved', value: 2 },
];

test('the freshness of a date counts from the earliest arrival of the run; the date is a property', () => {
  const run = aRun('2026-11-23T10:09:30.000Z', '2026-11-23T10:09:00.000Z');
  const measured = measure(result, { runId: RUN, at, run });
  expect(measured).toEqual([
    ...counts,
    { name: 'FreshnessSeconds', value: 60, properties: { date: '2026-11-21' } },
    { name: 'FreshnessSeconds', value: 60, properties: { date: '2026-11-22' } },
  ]);
  expect([...new Set(measured.map(({ name }) => name))].sort()).toEqual(onlyOf('load'));
});

test.each([
  ['a backfill, which has no files', aRun()],
  ['a run whose files have no time of arrival', aRun(null)],
  ['a run whose document is gone', null],
])('no freshness is measured for %s', (_, run) => {
  expect(measure(result, { runId: RUN, at, run })).toEqual(counts);
});
