import { requestStage, STAGES, StageRequested, stageOf } from '../src/index.ts';

const RUN = '20261123T100502123-9f86d081';
const NOW = new Date('2026-11-23T10:05:02.123Z');

test('a request names its stage, its run and its time', () => {
  const message = requestStage('kpi', RUN, NOW);
  expect(StageRequested.parse(message)).toEqual({
    type: 'kpi.requested',
    schema_version: 1,
    run_id: RUN,
    requested_at: '2026-11-23T10:05:02.123Z',
  });
  expect(stageOf(message)).toBe('kpi');
});

test('every stage can be requested', () => {
  for (const stage of STAGES) expect(stageOf(requestStage(stage, RUN, NOW))).toBe(stage);
});

test('a message of another schema version, stage or run id is not accepted', () => {
  const message = requestStage('kpi', RUN, NOW);
  for (const change of [
    { schema_version: 2 },
    { type: 'report.requested' },
    { run_id: 'mine' },
    { requested_at: 'now' },
  ]) {
    expect(StageRequested.safeParse({ ...message, ...change }).success).toBe(false);
  }
});
