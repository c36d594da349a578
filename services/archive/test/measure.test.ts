import { onlyOf } from '@music-etl/stage/test/support/measured';
import { measure } from '../src/domain/measure.ts';

const RUN = '20261123T100502123-9f86d081';

const file = {
  file_id: 'a'.repeat(32),
  key: 'streams/a.csv',
  version: 1,
  version_id: 'v1',
  archived_to: 'archived/a.csv',
  bytes: 1,
  deleted: true,
};

const result = {
  schema_version: 1,
  run_id: RUN,
  attempt: 1,
  committed_at: '2026-11-23T10:06:00.000Z',
  archive_prefix: 'archived/',
  lineage_key: 'l',
  files: [file, file],
  objects: 9,
};

test('a run ends with so many files in the archive, so many seconds after it was formed', () => {
  const measured = measure(result, { runId: RUN, at: '2026-11-23T10:06:02.123Z', run: null });
  expect(measured).toEqual([
    { name: 'FilesArchived', value: 2 },
    { name: 'RunSeconds', value: 60 },
  ]);
  expect(measured.map(({ name }) => name).sort()).toEqual(onlyOf('archive'));
});

test('a backfill has no files, and an id of when it was planned: how long it took is not told from it', () => {
  const measured = measure({ ...result, files: [] }, { runId: RUN, at: '2026-11-23T10:06:02.123Z', run: null });
  expect(measured.map(({ name }) => name)).not.toContain('RunSeconds');
});
