import { ROW_REASONS } from '../../cli/src/shared/row-reasons.ts';
import { measure } from '../../services/validate/src/domain/measure.ts';

test.each([...ROW_REASONS])('rows that are rejected as %s are measured by that reason', (reason) => {
  const ledger = { read: 1, accepted: 0, quarantined: { [reason]: 1 }, duplicate: 0 };
  const file = { file_id: 'a'.repeat(32), key: 'streams/a.csv', version: 1, quarantine_key: null, dates: {} };
  const measured = measure({
    schema_version: 1,
    run_id: '20261123T100502123-9f86d081',
    attempt: 1,
    committed_at: '2026-11-23T10:10:00.000Z',
    reference_version: 'r1',
    files: [{ ...file, outcome: 'validated', ledger }],
    touched_dates: [],
  });
  const name = `Rows${reason.replace(/(^|_)(.)/g, (_, __, letter: string) => letter.toUpperCase())}`;
  expect(measured).toContainEqual({ name, value: 1 });
});
