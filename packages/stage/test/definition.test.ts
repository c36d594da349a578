import { nextStage, RESULTS, type Stage } from '@music-etl/contracts';
import {
  aKpiResult,
  aLoadResult,
  anArchiveResult,
  anIngestResult,
  aValidateResult,
  NOW,
  RUN,
} from '@music-etl/testing';
import { defineStage } from '../src/domain/definition.ts';

const RESULTS_OF: readonly (readonly [Stage, object])[] = [
  ['ingest', anIngestResult()],
  ['validate', aValidateResult()],
  ['kpi', aKpiResult()],
  ['load', aLoadResult()],
  ['archive', anArchiveResult()],
];
const measure = () => [];

test.each(RESULTS_OF)('a run goes on from %s to the next stage of the list, or has completed', (stage, result) => {
  const next = nextStage(stage);
  const sent = defineStage(stage, { measure }).next(result, NOW);
  expect(sent).toMatchObject([
    next === null
      ? { kind: 'run_completed', run_id: RUN }
      : { kind: 'request', message: { type: `${next}.requested` } },
  ]);
});

test('a run with a result that does not let it go on ends with the stage', () => {
  const definition = defineStage('kpi', { measure, goesOn: ({ dates }) => dates.length > 0 });
  expect(definition.next(aKpiResult(), NOW)).toEqual([]);
});

test.each(RESULTS_OF)('a result that is not one of %s is an error', (stage, result) => {
  const definition = defineStage(stage, { measure });
  expect(RESULTS[stage].safeParse(result).success).toBe(true);
  expect(() => definition.next({ ...result, run_id: 7 }, NOW)).toThrow();
});
