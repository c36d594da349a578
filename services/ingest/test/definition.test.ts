import { definition } from '../src/domain/definition.ts';

const head = {
  schema_version: 1,
  run_id: '20261123T100502123-9f86d081',
  attempt: 1,
  committed_at: '2026-11-23T10:10:00.000Z',
};
const NOW = new Date('2026-11-23T10:10:00.000Z');

const file = { file_id: 'a'.repeat(32), key: 'streams/a.csv', version: 1, version_id: 'v1', etag: 'e', size: 1 };
const read = { last_modified: null, reason: null, format: null, compression: null, read: null, source: null };
const aResult = (...outcomes: string[]) => ({
  ...head,
  reference_version: null,
  files: outcomes.map((outcome) => ({ ...file, ...read, outcome })),
  snapshot: { built: false, sources: [], broken: [] },
});

test('a run with a prepared file goes on to validate', () => {
  expect(definition.next(aResult('rejected', 'prepared'), NOW)).toMatchObject([
    { kind: 'request', message: { type: 'validate.requested', run_id: head.run_id } },
  ]);
});

test('a run without one ends with ingest', () => {
  expect(definition.next(aResult(), NOW)).toEqual([]);
  expect(definition.next(aResult('waiting', 'rejected', 'skipped'), NOW)).toEqual([]);
});

test('a result that is none is rejected', () => {
  expect(() => definition.next({ ...head, run_id: 7 }, NOW)).toThrow();
});
