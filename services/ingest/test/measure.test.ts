import { onlyOf } from '@music-etl/stage/test/support/measured';
import { measure } from '../src/domain/measure.ts';

const file = { file_id: 'a'.repeat(32), key: 'streams/a.csv', version: 1, version_id: 'v1', etag: 'e', size: 1 };
const read = { last_modified: null, reason: null, format: null, compression: null, read: null, source: null };
const replay = {
  of: 1,
  cause: 'snapshot:r2',
  why: 'reference data knows more',
  requested_by: 'ingest',
  requested_at: '2026-11-23T10:00:00.000Z',
  accept: true,
  patches_key: null,
};
const broken = { key: 'reference/songs/s.csv', reason: { code: 'missing_column', detail: 'track_id' } };

const aResult = (files: object[], brokenFiles: object[] = []) => ({
  schema_version: 1,
  run_id: '20261123T100502123-9f86d081',
  attempt: 1,
  committed_at: '2026-11-23T10:10:00.000Z',
  reference_version: null,
  files: files.map((one) => ({ ...file, ...read, ...one })),
  snapshot: { built: false, sources: [], broken: brokenFiles },
});

test('files are counted by what became of them; one that is reprocessed also as replayed', () => {
  const outcomes = ['prepared', 'prepared', 'waiting', 'rejected', 'skipped'].map((outcome) => ({ outcome }));
  const measured = measure(aResult([...outcomes, { outcome: 'prepared', replay }], [broken]));
  expect(measured).toEqual([
    { name: 'FilesPrepared', value: 3 },
    { name: 'FilesReplayed', value: 1 },
    { name: 'FilesWaiting', value: 1 },
    { name: 'FilesRejected', value: 1 },
    { name: 'ReferenceFilesBroken', value: 1 },
  ]);
  expect([...measured.map(({ name }) => name), 'PendingFiles', 'OldestPendingSeconds'].sort()).toEqual(
    onlyOf('ingest'),
  );
});

test('a batch that brought nothing measures nothing', () => {
  expect(measure(aResult([]))).toEqual([]);
});
