import { deadLetterQueueName, GLUE_JOBS, nextStage, queueName, RESULTS, STAGES, stageList } from '../src/index.ts';

test('every stage is followed by the next one in the list, the last by none', () => {
  expect(STAGES.map(nextStage)).toEqual([...STAGES.slice(1), null]);
});

test('every stage has a job of its own and a result schema', () => {
  expect(Object.keys(GLUE_JOBS)).toEqual(STAGES);
  expect(new Set(Object.values(GLUE_JOBS)).size).toBe(STAGES.length);
  expect(Object.keys(RESULTS)).toEqual(STAGES);
});

test('names that deployments use do not change', () => {
  expect(GLUE_JOBS.kpi).toBe('music_streaming_kpi_computation');
  expect(queueName('kpi')).toBe('music-streaming-kpi');
  expect(deadLetterQueueName('kpi')).toBe('music-streaming-kpi-dlq');
});

test('the list for other readers names the job and both neighbours of a stage', () => {
  expect(stageList()[1]).toEqual({ name: STAGES[1], job: GLUE_JOBS.validate, predecessor: STAGES[0], next: STAGES[2] });
});
