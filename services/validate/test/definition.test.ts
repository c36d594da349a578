import { aValidateResult, NOW } from '@music-etl/testing';
import { definition } from '../src/domain/definition.ts';

test('a run with a file that is validated, or superseded by a newer version, goes on to kpi', () => {
  for (const outcome of ['validated', 'superseded'] as const) {
    const result = aValidateResult({ outcome: 'held' }, { outcome });
    expect(definition.next(result, NOW)).toMatchObject([{ message: { type: 'kpi.requested' } }]);
  }
});

test('a run whose files are all on hold or taken by other runs ends with validate', () => {
  expect(definition.next(aValidateResult({ outcome: 'held' }, { outcome: 'skipped' }), NOW)).toEqual([]);
});
