import { nextStage, RESULTS, STAGES, type Stage } from '@music-etl/contracts';
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

const RESULT_OF: Readonly<Record<Stage, unknown>> = {
  ingest: anIngestResult(),
  validate: aValidateResult(),
  kpi: aKpiResult(),
  load: aLoadResult(),
  archive: anArchiveResult(),
};
const measure = () => [];

test.each(STAGES)('a run goes on from %s to the next stage of the list, or has completed', (stage) => {
  const next = nextStage(stage);
  const sent = defineStage(stage, { measure }).next(RESULT_OF[stage], NOW);
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

test.each(STAGES)('a result that is not one of %s is an error', (stage) => {
  const definition = defineStage(stage, { measure });
  expect(RESULTS[stage].safeParse(RESULT_OF[stage]).success).toBe(true);
  expect(() => definition.next({ ...Object(RESULT_OF[stage]), run_id: 7 }, NOW)).toThrow();
});
