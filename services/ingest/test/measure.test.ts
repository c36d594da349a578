import { anIngestResult, aReplay } from '@music-etl/testing';
import { onlyOf } from '@music-etl/testing/metrics';
import { measure } from '../src/domain/measure.ts';

const broken = { key: 'reference/songs/s.csv', reason: { code: 'missing_column', detail: 'track_id' } };

test('files are counted by outcome, and reprocessed ones also as replayed', () => {
  const outcomes = (['prepared', 'prepared', 'waiting', 'rejected', 'skipped'] as const).map((outcome) => ({
    outcome,
  }));
  const result = anIngestResult(...outcomes, { outcome: 'prepared', replay: aReplay() });
  const measured = measure({ ...result, snapshot: { ...result.snapshot, broken: [broken] } });
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

test('an empty batch measures nothing', () => {
  expect(measure(anIngestResult())).toEqual([]);
});
