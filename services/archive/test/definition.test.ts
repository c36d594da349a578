import { definition } from '../src/domain/definition.ts';

const head = {
  schema_version: 1,
  run_id: '20261123T100502123-9f86d081',
  attempt: 1,
  committed_at: '2026-11-23T10:10:00.000Z',
};
const NOW = new Date('2026-11-23T10:10:00.000Z');

test('an archived run is completed', () => {
  const result = { ...head, archive_prefix: 'archived/', lineage_key: 'l', files: [], objects: 0 };
  expect(definition.next(result, NOW)).toEqual([{ kind: 'run_completed', run_id: head.run_id }]);
});

test('a result that is none is rejected', () => {
  expect(() => definition.next({ ...head, run_id: 7 }, NOW)).toThrow();
});
