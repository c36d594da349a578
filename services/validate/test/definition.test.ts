import { definition } from '../src/domain/definition.ts';

const head = {
  schema_version: 1,
  run_id: '20261123T100502123-9f86d081',
  attempt: 1,
  committed_at: '2026-11-23T10:10:00.000Z',
};
const NOW = new Date('2026-11-23T10:10:00.000Z');

const file = { file_id: 'a'.repeat(32), key: 'streams/a.csv', version: 1 };
const aResult = (...outcomes: string[]) => ({
  ...head,
  reference_version: 'r1',
  files: outcomes.map((outcome) => ({ ...file, outcome, ledger: null, dates: {}, quarantine_key: null })),
  touched_dates: [],
});

test('a run with a file that stands, or that a newer version overtook, goes on to kpi', () => {
  for (const outcome of ['validated', 'superseded']) {
    expect(definition.next(aResult('held', outcome), NOW)).toMatchObject([{ message: { type: 'kpi.requested' } }]);
  }
});

test('a run none of whose files stands ends with validate', () => {
  expect(definition.next(aResult('held', 'skipped'), NOW)).toEqual([]);
});

test('a result that is none is rejected', () => {
  expect(() => definition.next({ ...head, run_id: 7 }, NOW)).toThrow();
});
