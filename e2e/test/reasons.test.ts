import { aValidateResult } from '@music-etl/testing';
import { ROW_REASONS } from '../../cli/src/shared/row-reasons.ts';
import { measure } from '../../services/validate/src/domain/measure.ts';

test.each([...ROW_REASONS])('rows that are quarantined as %s are measured by that reason', (reason) => {
  const ledger = { read: 1, accepted: 0, quarantined: { [reason]: 1 }, duplicate: 0 };
  const measured = measure(aValidateResult({ ledger }));
  const name = `Rows${reason.replace(/(^|_)(.)/g, (_, __, letter: string) => letter.toUpperCase())}`;
  expect(measured).toContainEqual({ name, value: 1 });
});
