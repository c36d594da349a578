import { RunDocument } from '@music-etl/contracts';
import { onlyOf } from '@music-etl/stage/test/support/measured';
import { measure } from '../src/domain/measure.ts';

const RUN = '20261123T100502123-9f86d081';
const AT = '2026-11-23T10:10:00.000Z';

const file = {
  file_id: 'a'.repeat(32),
  key: 'streams/a.csv',
  version: 1,
  version_id: 'v1',
  etag: 'e',
  size: 1,
  replay: null,
  raw: null,
};
const aRun = (...arrivals: (string | undefined)[]) =>
  RunDocument.parse({
    schema_version: 1,
    run_id: RUN,
    created_at: AT,
    files: arrivals.map((arrived_at) => ({ ...file, arrived_at })),
    reference_changed: false,
  });

const result = {
  schema_version: 1,
  run_id: RUN,
  attempt: 1,
  committed_at: AT,
  dates: [
    { date: '2026-11-21', generation: 3, written: 5, removed: 1, superseded: 0 },
    { date: '2026-11-22', generation: 3, written: 7, removed: 1, superseded: 0 },
  ],
};
const counts = [
  { name: 'DatesLoaded', value: 2 },
  { name: 'ItemsWritten', value: 12 },
  { name: 'ItemsRemoved', value: 2 },
];

test('a date is as fresh as the earliest arrival of the run is old; the date is a property', () => {
  const run = aRun('2026-11-23T10:09:30.000Z', '2026-11-23T10:09:00.000Z');
  const measured = measure(result, { runId: RUN, at: AT, run });
  expect(measured).toEqual([
    ...counts,
    { name: 'FreshnessSeconds', value: 60, properties: { date: '2026-11-21' } },
    { name: 'FreshnessSeconds', value: 60, properties: { date: '2026-11-22' } },
  ]);
  expect([...new Set(measured.map(({ name }) => name))].sort()).toEqual(onlyOf('load'));
});

test.each([
  ['a backfill, which has no files', aRun()],
  ['a run formed before arrivals were noted', aRun(undefined)],
  ['a run whose document is gone', null],
])('of %s nobody says how fresh it is', (_, run) => {
  expect(measure(result, { runId: RUN, at: AT, run })).toEqual(counts);
});
