import { requestStage, StageRequested, stageOf } from '../src/index.ts';

test('a request names its stage, its run and when it was asked', () => {
  const message = requestStage('kpi', '20261123T100502123-9f86d081', new Date('2026-11-23T10:05:02.123Z'));
  expect(StageRequested.parse(message)).toEqual({
    type: 'kpi.requested',
    schema_version: 1,
    run_id: '20261123T100502123-9f86d081',
    requested_at: '2026-11-23T10:05:02.123Z',
  });
  expect(stageOf(message)).toBe('kpi');
});
