import { redriveCommand, stageOfQueue, stageQueues } from './queue-names.ts';

test("a stage's queues carry the deployment's suffix before -dlq", () => {
  expect(stageQueues('kpi', '')).toEqual({ queue: 'music-streaming-kpi', dead: 'music-streaming-kpi-dlq' });
  expect(stageQueues('kpi', '-test')).toEqual({
    queue: 'music-streaming-kpi-test',
    dead: 'music-streaming-kpi-test-dlq',
  });
});

test('a queue of any deployment has its stage, another queue none', () => {
  expect(stageOfQueue('music-streaming-load-test-dlq')).toBe('load');
  expect(stageOfQueue('music-streaming-other')).toBeNull();
});

test('the command that moves messages back names the stage and the suffix', () => {
  expect(redriveCommand('music-streaming-kpi-dlq')).toBe('npx music-etl redrive kpi');
  expect(redriveCommand('music-streaming-kpi-test-dlq')).toBe('npx music-etl redrive kpi --suffix=-test');
  expect(redriveCommand('music-streaming-other-dlq')).toBeNull();
});
