import { definition } from '../src/domain/definition.ts';

const head = {
  schema_version: 1,
  run_id: '20261123T100502123-9f86d081',
  attempt: 1,
  committed_at: '2026-11-23T10:10:00.000Z',
};
const NOW = new Date('2026-11-23T10:10:00.000Z');

test('a run whose numbers the table holds goes on to archive', () => {
  expect(definition.next({ ...head, dates: [] }, NOW)).toMatchObject([{ message: { type: 'archive.requested' } }]);
});

test('a result that is none is rejected', () => {
  expect(() => definition.next({ ...head, run_id: 7 }, NOW)).toThrow();
});
