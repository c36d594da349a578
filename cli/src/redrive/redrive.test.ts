import { runKey } from '@music-etl/contracts';
import type { DeadLetterQueues } from '../shared/ports.ts';
import type { DeadLetter } from '../status/snapshot.ts';
import { aLetter, aRun, aRunFile, RUN } from '../testing/builders.ts';
import { MemoryObjects, MemoryScreen } from '../testing/fakes.ts';
import { type MoveTask, parseRate, parseStage, redriveCommand } from './plan.ts';
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

/** A stage's two queues; what a move looks like, look by look, is told beforehand. */
class FakeQueues implements DeadLetterQueues {
  readonly moves: unknown[] = [];
  hidden = 0;

  constructor(
    readonly letters: readonly DeadLetter[],
    readonly looks: (MoveTask | null)[],
  ) {}

  async find(name: string) {
    if (!/^music-streaming-kpi(-dlq)?$/.test(name)) return null;
    const letters = name.endsWith('-dlq') ? this.letters.length : 0;
    return { name, url: `http://q/${name}`, arn: `arn:${name}`, letters, hidden: this.hidden };
  }
  async peek() {
    return [...this.letters];
  }
  async startMove(from: { arn: string }, to: { arn: string }, perSecond: number | null) {
    this.moves.push([from.arn, to.arn, perSecond]);
  }
  async lastMove() {
    return (this.looks.length > 1 ? this.looks.shift() : this.looks[0]) ?? null;
  }
}

const LETTER = aLetter({ run_id: RUN, job_run_id: 'jr_1', error: 'out of\n memory' });

const act = async (queues: FakeQueues, over: Partial<RedriveOptions> = {}) => {
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
  const options = { stage: 'kpi', suffix: '', rate: null, dryRun: false, ...over } as const;
  const failed = await redrive({ queues, objects, screen, clock }, options).catch((error: unknown) => error);
  return { lines: screen.lines, failed };
};

test('moves the letters to the queue itself, at the rate given, and waits until SQS has done it', async () => {
  const running = aMove({ status: 'RUNNING', moved: 1, to_move: 2 });
  const queues = new FakeQueues([LETTER, LETTER], [EARLIER, EARLIER, running, aMove()]);
  const { lines, failed } = await act(queues, { rate: 5 });
  expect(failed).toBeUndefined();
  expect(queues.moves).toEqual([['arn:music-streaming-kpi-dlq', 'arn:music-streaming-kpi', 5]]);
  expect(lines).toEqual([
    '2 dead letters in music-streaming-kpi-dlq',
    expect.stringContaining('moved 2 of 2 letters from music-streaming-kpi-dlq to music-streaming-kpi'),
  ]);
});

test('a dry run says everything of each letter and moves nothing', async () => {
  const queues = new FakeQueues([LETTER], [null]);
  const { lines } = await act(queues, { dryRun: true });
  expect(queues.moves).toEqual([]);
  expect(lines).toEqual([
    '1 dead letter in music-streaming-kpi-dlq',
    '',
    `run     ${RUN}`,
    'files   streams/a.csv, streams/b.csv and reference data',
    'reason  failed 3 times',
    expect.stringContaining('job     jr_1'),
    'error   out of memory',
    'dry run: nothing was moved',
  ]);
});

test('an empty queue is said and is no error; so is one whose letters somebody holds', async () => {
  const empty = new FakeQueues([], [EARLIER]);
  expect(await act(empty)).toEqual({ lines: ['nothing to move: music-streaming-kpi-dlq is empty'], failed: undefined });
  empty.hidden = 3;
  expect((await act(empty)).lines[0]).toContain('somebody is looking at 3 letters');
  expect(empty.moves).toEqual([]);
});

test('a move that is running is said and watched, and no second one is asked for', async () => {
  const running = aMove({ status: 'RUNNING', moved: 1, to_move: 2 });
  const queues = new FakeQueues([LETTER], [running, running, aMove()]);
  const { lines, failed } = await act(queues);
  expect([lines[0], failed]).toEqual([expect.stringContaining('is running since 1970-01-01 00:00:00 UTC'), undefined]);
  expect(queues.moves).toEqual([]);
});

test('a move that fails ends with its reason, one that never shows is given up', async () => {
  const failing = new FakeQueues([LETTER], [null, aMove({ status: 'FAILED', moved: 0, failure: 'no such key' })]);
  expect((await act(failing)).failed).toMatchObject({
    message: expect.stringContaining('ended FAILED: no such key'),
    exitCode: 1,
  });
  const unseen = new FakeQueues([LETTER], [EARLIER]);
  expect(String((await act(unseen)).failed)).toContain('lists no such move');
});

test('a queue that is not there, a stage and a rate that cannot be', async () => {
  expect((await act(new FakeQueues([], [null]), { suffix: '-x' })).failed).toMatchObject({
    message: 'there is no queue music-streaming-kpi-x-dlq',
    exitCode: 1,
  });
  expect(() => parseStage('kpis')).toThrow('kpis: not a stage');
  for (const rate of ['0', '501', '1.5', 'x', '-3', '']) expect(() => parseRate(rate)).toThrow('not a number');
  expect([parseRate('1'), parseRate('500'), parseRate(undefined)]).toEqual([1, 500, null]);
});

test('names the command that moves the letters of a queue', () => {
  expect(redriveCommand('music-streaming-kpi-dlq')).toBe('npx music-etl redrive kpi');
  expect(redriveCommand('music-streaming-kpi-test-dlq')).toBe('npx music-etl redrive kpi --suffix=-test');
  expect(redriveCommand('music-streaming-other-dlq')).toBeNull();
});
