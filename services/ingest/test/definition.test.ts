import { anIngestResult, NOW, RUN } from '@music-etl/testing';
import { definition } from '../src/domain/definition.ts';

test('a run with a prepared file goes on to validate', () => {
  expect(definition.next(anIngestResult({ outcome: 'rejected' }, { outcome: 'prepared' }), NOW)).toMatchObject([
    { kind: 'request', message: { type: 'validate.requested', run_id: RUN } },
  ]);
});

test('a run without a prepared file ends with ingest', () => {
  expect(definition.next(anIngestResult(), NOW)).toEqual([]);
  const outcomes = (['waiting', 'rejected', 'skipped'] as const).map((outcome) => ({ outcome }));
  expect(definition.next(anIngestResult(...outcomes), NOW)).toEqual([]);
});
