import { anArchiveResult, RUN } from '@music-etl/testing';
import { onlyOf } from '@music-etl/testing/metrics';
import { definition } from '../src/domain/definition.ts';

const closed = { runId: RUN, at: '2026-11-23T10:06:02.123Z', run: null };

test('the archived files are counted, and the seconds since the run was created', () => {
  const measured = definition.measure(anArchiveResult({}, {}), closed);
  expect(measured).toEqual([
    { name: 'FilesArchived', value: 2 },
    { name: 'RunSeconds', value: 60 },
  ]);
  expect(measured.map(({ name }) => name).sort()).toEqual(onlyOf('archive'));
});

test('a backfill, whose id is from the time of planning, measures no duration', () => {
  const measured = definition.measure(anArchiveResult(), closed);
  expect(measured.map(({ name }) => name)).not.toContain('RunSeconds');
});
