import { deadLetterQueueName, queueName, STAGES, type Stage } from '@music-etl/contracts';

/** The queue of a stage and its dead-letter queue; a deployment's suffix is part of their names. */
export interface StageQueues {
  queue: string;
  dead: string;
}

/**
 * Names the two queues of a stage in one deployment.
 * @example stageQueues('kpi', '-test') // { queue: 'music-streaming-kpi-test', dead: 'music-streaming-kpi-test-dlq' }
 */
export const stageQueues = (stage: Stage, suffix: string): StageQueues => {
  const queue = queueName(stage) + suffix;
  return { queue, dead: `${queue}${deadLetterQueueName(stage).slice(queueName(stage).length)}` };
};

/** Finds the stage of a queue or dead-letter queue; null for a queue of no stage. */
export const stageOfQueue = (queue: string): Stage | null =>
  STAGES.find((stage) => queue.startsWith(queueName(stage))) ?? null;

/**
 * Names the command that moves dead-letter messages back to their queue; null for a queue of no stage.
 * @example redriveCommand('music-streaming-kpi-dlq') // 'npx music-etl redrive kpi'
 */
export const redriveCommand = (deadQueue: string): string | null => {
  const name = deadQueue.replace(/-dlq$/, '');
  const stage = stageOfQueue(name);
  if (!stage) return null;
  const suffix = name.slice(queueName(stage).length);
  return `npx music-etl redrive ${stage}${suffix ? ` --suffix=${suffix}` : ''}`;
};
