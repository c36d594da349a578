import { aStage } from '../testing/builders.ts';
import { runProgress } from './run-progress.ts';

test('the progress of a run follows from its claimed stages', () => {
  expect(runProgress(false, []).kind).toBe('absent');
  expect(runProgress(true, []).kind).toBe('requested');
  expect(runProgress(true, [aStage('kpi')])).toEqual({ kind: 'active', stage: 'kpi' });
  expect(runProgress(true, [aStage('kpi'), aStage('load', { state: 'dead' })]).kind).toBe('dead');
  expect(runProgress(true, [aStage('kpi'), aStage('load'), aStage('archive')]).kind).toBe('done');
  expect(runProgress(true, [aStage('kpi'), aStage('load'), aStage('archive', { state: 'retrying' })]).kind).toBe(
    'active',
  );
});
