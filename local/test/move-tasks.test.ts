import { createMoveTasks, type DeadLetter, type Queues } from '../src/sqs/move-tasks.ts';

const [DLQ, SOURCE, OTHER] = ['arn:dlq', 'arn:source', 'arn:other'];

const letters = (count: number, sourceArn: string | null = SOURCE): DeadLetter[] =>
  Array.from({ length: count }, (_, i) => ({ receipt: `r${i}`, sourceArn, copy: { MessageBody: `m${i}` } }));

const setup = (waiting: DeadLetter[]) => {
  const sent: string[] = [];
  const pauses: number[] = [];
  const inHand = [...waiting];
  const removed: string[] = [];
  const queues: Queues = {
    inspect: async (arn) => {
      if (arn === 'arn:nowhere') return null;
      return { messages: arn === DLQ ? waiting.length : 0, feeders: arn === DLQ ? [SOURCE] : [] };
    },
    receive: async (_arn, max) => inHand.splice(0, max),
    send: async (arn, letter) => void sent.push(`${arn} ${letter.copy.MessageBody}`),
    remove: async (_arn, letter) => void removed.push(letter.receipt),
  };
  const pause = async (ms: number) => void pauses.push(ms);
  let id = 0;
  const newId = () => {
    id += 1;
    return `task-${id}`;
  };
  const tasks = createMoveTasks({ queues, now: () => 0, newId, log: () => {}, pause });
  return { tasks, sent, removed, pauses };
};

const tick = () => new Promise((resolve) => setTimeout(resolve, 5));

describe('a move task', () => {
  it('moves every dead letter back to the queue it died in, at its rate', async () => {
    const { tasks, sent, removed, pauses } = setup(letters(12));
    await tasks.start(DLQ, null, 5);
    await tick();
    expect(sent).toHaveLength(12);
    expect(sent[0]).toBe(`${SOURCE} m0`);
    expect(removed).toHaveLength(12);
    expect(pauses).toEqual([1_000, 1_000, 400]);
    expect(tasks.list(DLQ, 10)).toMatchObject([{ status: 'COMPLETED', moved: 12, toMove: 12 }]);
  });

  it('moves to another queue where one is named', async () => {
    const { tasks, sent } = setup(letters(1, null));
    await tasks.start(DLQ, OTHER, null);
    await tick();
    expect(sent).toEqual([`${OTHER} m0`]);
  });

  it('fails, as on AWS, where nobody knows whence a message came', async () => {
    const { tasks, removed } = setup(letters(1, null));
    await tasks.start(DLQ, null, null);
    await tick();
    expect(tasks.list(DLQ, 1)).toMatchObject([{ status: 'FAILED', failure: 'CouldNotDetermineMessageSource' }]);
    expect(removed).toEqual([]);
  });

  it('is rejected for queues that are unknown or no dead-letter queues, and beside a running one', async () => {
    const { tasks } = setup(letters(3));
    await expect(tasks.start('arn:nowhere', null, null)).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
    await expect(tasks.start(SOURCE, null, null)).rejects.toMatchObject({ code: 'InvalidParameterValue' });
    const first = tasks.start(DLQ, null, 1);
    await first;
    await expect(tasks.start(DLQ, null, null)).rejects.toThrow(/already a task running/);
  });

  it('can be cancelled while it runs, not afterwards', async () => {
    const { tasks, sent } = setup(letters(100));
    const task = await tasks.start(DLQ, null, 1);
    tasks.cancel(task.handle);
    await tick();
    expect(tasks.list(DLQ, 1)).toMatchObject([{ status: 'CANCELLED' }]);
    expect(sent.length).toBeLessThan(100);
    expect(() => tasks.cancel(task.handle)).toThrow(/CANCELLED/);
    expect(() => tasks.cancel('unknown')).toThrow(/does not exist/);
  });
});
