import { activeKey, runKey, type StageDocument, stageKey } from '@music-etl/contracts';
import type { DeadLetterMessage } from '../shared/pipeline/snapshot.ts';
import { aDeadLetterMessage, aRun, aRunFile, aStage, RUN } from '../testing/builders.ts';
import { MemoryObjects, MemoryScreen } from '../testing/fakes.ts';
import type { DeadLetterQueues, MoveTask } from './dead-letter-queues.ts';
import { parseRate, parseStage } from './options.ts';
import { type RedriveOptions, redrive } from './redrive.ts';

const aMove = (over: Partial<MoveTask> = {}): MoveTask => ({
  status: 'COMPLETED',
  moved: 2,
  to_move: 2,
  failure: null,
  started_at: 2,
  ...over,
});
const EARLIER = aMove({ started_at: 1, moved: 9, to_move: 9 });

/** The two queues of a stage; `looks` are the newest moves that SQS lists, one a look, the last one for ever. */
class FakeQueues implements DeadLetterQueues {
  readonly moves: unknown[] = [];
  readonly resumed: unknown[] = [];
  hidden = 0;
  /** Messages that a look does not reach. */
  unseen = 0;

  constructor(
    readonly dead: readonly DeadLetterMessage[],
    readonly looks: (MoveTask | null)[],
  ) {}

  async find(name: string) {
    if (!/^music-streaming-kpi(-dlq)?$/.test(name)) return null;
    const messages = name.endsWith('-dlq') ? this.dead.length + this.unseen : 0;
    return { name, url: `http://q/${name}`, arn: `arn:${name}`, messages, hidden: this.hidden };
  }
  async peek() {
    return [...this.dead];
  }
  async resume({ name }: { name: string }, { message, attempt }: Pick<StageDocument, 'message' | 'attempt'>) {
    this.resumed.push([name, message.run_id, attempt]);
  }
  async startMove(from: { arn: string }, to: { arn: string }, perSecond: number | null) {
    this.moves.push([from.arn, to.arn, perSecond]);
  }
  async lastMove() {
    return (this.looks.length > 1 ? this.looks.shift() : this.looks[0]) ?? null;
  }
}

const MESSAGE = aDeadLetterMessage({ run_id: RUN, job_run_id: 'jr_1', error: 'out of\n memory' });

const act = async (queues: FakeQueues, over: Partial<RedriveOptions> = {}, dead: readonly StageDocument[] = []) => {
  let now = 0;
  const clock = {
    now: () => now,
    sleep: async (ms: number) => {
      now += ms;
    },
  };
  const screen = new MemoryScreen();
  const document = { ...aRun().document, files: [aRunFile('streams/b.csv'), aRunFile('streams/a.csv')] };
  const objects = new MemoryObjects().set(runKey(RUN), document);
  for (const stage of dead) {
    objects.set(activeKey(stage.run_id, 'kpi'), {}).set(stageKey(stage.run_id, 'kpi'), stage);
  }
  const options = { stage: 'kpi', suffix: '', rate: null, dryRun: false, ...over } as const;
  const failed = await redrive({ queues, objects, screen, clock }, options).catch((error: unknown) => error);
  return { lines: screen.lines, failed };
};

test('messages move to their queue at the given rate, and the command waits for the end', async () => {
  const running = aMove({ status: 'RUNNING', moved: 1, to_move: 2 });
  const queues = new FakeQueues([MESSAGE, MESSAGE], [EARLIER, EARLIER, running, aMove()]);
  const { lines, failed } = await act(queues, { rate: 5 });
  expect(failed).toBeUndefined();
  expect(queues.moves).toEqual([['arn:music-streaming-kpi-dlq', 'arn:music-streaming-kpi', 5]]);
  expect(lines).toEqual([
    '2 dead-letter messages in music-streaming-kpi-dlq',
    expect.stringContaining('moved 2 of 2 messages from music-streaming-kpi-dlq to music-streaming-kpi'),
  ]);
});

test('a dry run lists every message in full and moves nothing', async () => {
  const queues = new FakeQueues([MESSAGE], [null]);
  const { lines } = await act(queues, { dryRun: true });
  expect(queues.moves).toEqual([]);
  expect(lines).toEqual([
    '1 dead-letter message in music-streaming-kpi-dlq',
    '',
    `run     ${RUN}`,
    'files   streams/a.csv, streams/b.csv and reference data',
    'reason  failed 3 times',
    expect.stringContaining('job     jr_1'),
    'error   out of memory',
    'dry run: nothing was moved',
  ]);
});

test('an empty queue is reported, as is one whose messages somebody has received; neither is an error', async () => {
  const empty = new FakeQueues([], [EARLIER]);
  expect(await act(empty)).toEqual({ lines: ['nothing to move: music-streaming-kpi-dlq is empty'], failed: undefined });
  empty.hidden = 3;
  expect((await act(empty)).lines[0]).toContain('somebody is reading 3 messages');
  expect(empty.moves).toEqual([]);
});

test('a running move is reported and watched, and no second one is started', async () => {
  const running = aMove({ status: 'RUNNING', moved: 1, to_move: 2 });
  const queues = new FakeQueues([MESSAGE], [running, running, aMove()]);
  const { lines, failed } = await act(queues);
  expect([lines[0], failed]).toEqual([
    expect.stringContaining('has been running since 1970-01-01 00:00:00 UTC'),
    undefined,
  ]);
  expect(queues.moves).toEqual([]);
});

test('a failed move ends with its reason, and an unlisted one with an error', async () => {
  const failing = new FakeQueues([MESSAGE], [null, aMove({ status: 'FAILED', moved: 0, failure: 'no such key' })]);
  expect((await act(failing)).failed).toMatchObject({
    message: expect.stringContaining('ended FAILED: no such key'),
    exitCode: 1,
  });
  const unseen = new FakeQueues([MESSAGE], [EARLIER]);
  expect(String((await act(unseen)).failed)).toContain('does not list it');
});

test('a missing queue, an unknown stage and an impossible rate are errors', async () => {
  expect((await act(new FakeQueues([], [null]), { suffix: '-x' })).failed).toMatchObject({
    message: 'there is no queue music-streaming-kpi-x-dlq',
    exitCode: 1,
  });
  expect(() => parseStage('kpis')).toThrow('kpis: not a stage');
  for (const rate of ['0', '501', '1.5', 'x', '-3', '']) expect(() => parseRate(rate)).toThrow('not a number');
  expect([parseRate('1'), parseRate('500'), parseRate(undefined)]).toEqual([1, 500, null]);
});

const dead = aStage('kpi', { state: 'dead', attempt: 3, error: 'failed 3 times: out of memory' });

test('a dead run whose message SQS has deleted is requested again under the attempt that was given up', async () => {
  const queues = new FakeQueues([], [null]);
  const { lines, failed } = await act(queues, {}, [dead]);
  expect(failed).toBeUndefined();
  expect(queues.resumed).toEqual([['music-streaming-kpi', RUN, 3]]);
  expect(queues.moves).toEqual([]);
  expect(lines).toEqual([
    '0 dead-letter messages in music-streaming-kpi-dlq; 1 dead run without a message, which SQS keeps for 14 days',
    'requested 1 run again',
  ]);
});

test('a dry run lists a dead run whose message is gone, and requests nothing', async () => {
  const queues = new FakeQueues([], [null]);
  const { lines } = await act(queues, { dryRun: true }, [dead]);
  expect(queues.resumed).toEqual([]);
  expect(lines).toContain('reason  its dead-letter message is gone');
  expect(lines).toContain('error   failed 3 times: out of memory');
});

test.each([
  ['that has its message', [MESSAGE], dead, 0],
  ['whose message may be among the hidden ones', [], dead, 1],
  ['that is not dead', [], { ...dead, state: 'started' as const }, 0],
  ['whose message is still to be sent', [], { ...dead, sent: false }, 0],
])('a run %s is not requested again', async (_, messages, document, hidden) => {
  const queues = new FakeQueues(messages, [null, aMove()]);
  queues.hidden = hidden;
  await act(queues, {}, [document]);
  expect(queues.resumed).toEqual([]);
});

test('a run whose message may be among those that were not looked at is not requested again', async () => {
  const queues = new FakeQueues([MESSAGE], [null, aMove()]);
  queues.unseen = 200;
  const other = { ...dead, run_id: '20261123T100502123-00000000' };
  const { lines } = await act(queues, {}, [other]);
  expect(queues.resumed).toEqual([]);
  expect(lines[0]).toBe('201 dead-letter messages in music-streaming-kpi-dlq');
});
