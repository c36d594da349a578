import { createMoveTasks } from '../../src/sqs/move-tasks.ts';
import type { DeadLetterMessage, Queues } from '../../src/sqs/ports.ts';
import { countingIds } from '../support/ids.ts';

const [DLQ, SOURCE, OTHER] = ['arn:dlq', 'arn:source', 'arn:other'];

const messages = (count: number, sourceArn: string | null = SOURCE): DeadLetterMessage[] =>
  Array.from({ length: count }, (_, i) => ({ receipt: `r${i}`, sourceArn, copy: { MessageBody: `m${i}` } }));

const setup = (waiting: DeadLetterMessage[]) => {
  const sent: string[] = [];
  const pauses: number[] = [];
  const left = [...waiting];
  const removed: string[] = [];
  const queues: Queues = {
    inspect: async (arn) => {
      if (arn === 'arn:nowhere') return null;
      return { messages: arn === DLQ ? waiting.length : 0, sources: arn === DLQ ? [SOURCE] : [] };
    },
    receive: async (_arn, max) => left.splice(0, max),
    send: async (arn, { copy }) => void sent.push(`${arn} ${copy.MessageBody}`),
    remove: async (_arn, { receipt }) => void removed.push(receipt),
  };
  const pause = async (ms: number) => void pauses.push(ms);
  const tasks = createMoveTasks({ queues, now: () => 0, newId: countingIds('task-'), log: () => {}, pause });
  return { tasks, sent, removed, pauses };
};

const tick = () => new Promise((resolve) => setTimeout(resolve, 5));

describe('a move task', () => {
  it('moves every dead-letter message back to its queue, at the task’s rate', async () => {
    const { tasks, sent, removed, pauses } = setup(messages(12));
    await tasks.start(DLQ, null, 5);
    await tick();
    expect(sent).toHaveLength(12);
    expect(sent[0]).toBe(`${SOURCE} m0`);
    expect(removed).toHaveLength(12);
    expect(pauses).toEqual([1_000, 1_000, 400]);
    expect(tasks.list(DLQ, 10)).toMatchObject([{ status: 'COMPLETED', moved: 12, toMove: 12 }]);
  });

  it('moves messages to another queue if the request names one', async () => {
    const { tasks, sent } = setup(messages(1, null));
    await tasks.start(DLQ, OTHER, null);
    await tick();
    expect(sent).toEqual([`${OTHER} m0`]);
  });

  it('fails, as on AWS, if the source of a message is unknown', async () => {
    const { tasks, removed } = setup(messages(1, null));
    await tasks.start(DLQ, null, null);
    await tick();
    expect(tasks.list(DLQ, 1)).toMatchObject([{ status: 'FAILED', failure: 'CouldNotDetermineMessageSource' }]);
    expect(removed).toEqual([]);
  });

  it('is rejected for unknown queues, for queues that are no DLQ, and beside a running task', async () => {
    const { tasks } = setup(messages(3));
    await expect(tasks.start('arn:nowhere', null, null)).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
    await expect(tasks.start(SOURCE, null, null)).rejects.toMatchObject({ code: 'InvalidParameterValue' });
    const first = tasks.start(DLQ, null, 1);
    await first;
    await expect(tasks.start(DLQ, null, null)).rejects.toThrow(/already a task running/);
  });

  it('can be cancelled while it runs, but not afterwards', async () => {
    const { tasks, sent } = setup(messages(100));
    const task = await tasks.start(DLQ, null, 1);
    tasks.cancel(task.handle);
    await tick();
    expect(tasks.list(DLQ, 1)).toMatchObject([{ status: 'CANCELLED' }]);
    expect(sent.length).toBeLessThan(100);
    expect(() => tasks.cancel(task.handle)).toThrow(/CANCELLED/);
    expect(() => tasks.cancel('unknown')).toThrow(/does not exist/);
  });
});
