import fc from 'fast-check';
import type { BusEvent } from '../src/events/event.ts';
import type { FaultDeps } from '../src/faults/deps.ts';
import { faultyEvents } from '../src/faults/events.ts';
import { createFaultPlan } from '../src/faults/fault-plan.ts';
import { faultyJobs } from '../src/faults/jobs.ts';
import { createFaultLedger } from '../src/faults/ledger.ts';
import { FAULT_RATES, type FaultRates } from '../src/faults/rates.ts';
import { faultyRequests } from '../src/faults/requests.ts';
import type { Exchange, Interceptor, Reply } from '../src/gateway/exchange.ts';
import { jobMark, type Run } from '../src/glue/run.ts';
import { asked, fine } from './support/asked.ts';

const NONE: FaultRates = {
  ...FAULT_RATES.light,
  ...{ reject: 0, loseReply: 0, endFunction: 0, atCapacity: 0, loseStart: 0, killJob: 0, hangJob: 0, twin: 0 },
  ...{ loseEvent: 0, repeatEvent: 0, lateMs: 0 },
};

const depsOf = (rates: Partial<FaultRates>, seed = '1'): FaultDeps & { clock: { ms: number } } => {
  const clock = { ms: 0 };
  return {
    clock,
    faultPlan: createFaultPlan(seed),
    rates: { ...NONE, ...rates },
    ledger: createFaultLedger(),
    now: () => clock.ms,
  };
};

/** The emulator behind a link: what reached it. */
const behind = (link: Interceptor) => {
  const reached: Exchange[] = [];
  const ask = (exchange: Exchange): Promise<Reply> =>
    link(exchange, async (passed) => {
      reached.push(passed);
      return fine;
    });
  return { reached, ask };
};

const FUNCTION = 'music-streaming-kpi-faults-start';
const NOT_ANSWERED = 'not answered';
const soon = (reply: Promise<Reply>): Promise<Reply | typeof NOT_ANSWERED> =>
  Promise.race([reply, new Promise<typeof NOT_ANSWERED>((resolve) => setTimeout(resolve, 5, NOT_ANSWERED))]);

describe('requests', () => {
  it.each([
    ['S3', asked({ app: FUNCTION, method: 'PUT', url: '/bucket/key' })],
    ['SQS', asked({ app: FUNCTION, operation: 'AmazonSQS.SendMessage' })],
    ['DynamoDB', asked({ operation: 'DynamoDB_20120810.TransactWriteItems' })],
    ['Events', asked({ app: FUNCTION, operation: 'AWSEvents.PutEvents' })],
  ])('to %s are answered 500, 503 or throttled without effect, or lose their reply after it', async (service, one) => {
    const rejected = depsOf({ reject: 1 });
    const rejecting = behind(faultyRequests(rejected));
    for (let i = 0; i < 40; i += 1) expect(await rejecting.ask(one)).toMatchObject({ status: expect.any(Number) });
    expect(rejecting.reached).toEqual([]);
    expect(Object.keys(rejected.ledger.counts())).toEqual(
      [`${service} answered 500`, `${service} answered 503`, `${service} throttled`].sort(),
    );

    const lost = depsOf({ loseReply: 1 });
    const losing = behind(faultyRequests(lost));
    expect(await losing.ask(one)).toBe('hang up');
    expect(losing.reached).toEqual([one]);
    expect(lost.ledger.counts()).toEqual({ [`${service} lost its reply`]: 1 });
  });

  it('of the account’s root are left alone', async () => {
    const { ask } = behind(faultyRequests(depsOf({ reject: 1, endFunction: 1, loseReply: 1 })));
    expect(await ask(asked({ key: 'test' }))).toBe(fine);
  });

  it('have the same faultPlan for the same seed, in whatever order they come', () => {
    const requests = [...Array(12).keys()].map((i) => asked({ app: FUNCTION, method: 'GET', url: `/bucket/${i}` }));
    const faultPlans = async (order: readonly Exchange[], seed: string): Promise<unknown> => {
      const { ask } = behind(faultyRequests(depsOf({ reject: 0.3, loseReply: 0.3 }, seed)));
      const answers = await Promise.all(order.map(async (one) => [one.url, await ask(one)] as const));
      return Object.fromEntries(answers);
    };
    return fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(requests, { minLength: 12 }), fc.string(), async (order, seed) => {
        expect(await faultPlans(order, seed)).toEqual(await faultPlans(requests, seed));
      }),
      { numRuns: 30 },
    );
  });
});

describe('StartJobRun', () => {
  const start = asked({ app: FUNCTION, operation: 'AWSGlue.StartJobRun' });

  it('finds a at capacity in each of Glue’s words', async () => {
    const deps = depsOf({ atCapacity: 1 });
    const { ask, reached } = behind(faultyRequests(deps));
    for (let i = 0; i < 40; i += 1) await ask(start);
    expect(reached).toEqual([]);
    expect(Object.keys(deps.ledger.counts())).toEqual([
      'StartJobRun answered ConcurrentRunsExceededException',
      'StartJobRun answered ResourceNumberLimitExceededException',
      'StartJobRun answered ThrottlingException',
    ]);
  });

  it('times out after the run began', async () => {
    const deps = depsOf({ loseStart: 1 });
    const { ask, reached } = behind(faultyRequests(deps));
    expect(await ask(start)).toBe('hang up');
    expect(reached).toEqual([start]);
    expect(deps.ledger.counts()).toEqual({ 'StartJobRun timed out after the run began': 1 });
  });
});

describe('functions', () => {
  const write = asked({ app: FUNCTION, method: 'PUT', url: '/bucket/stage.json' });
  const end = async (seed: string) => {
    const deps = depsOf({ endFunction: 1, endsPerFunction: 1 }, seed);
    const { ask, reached } = behind(faultyRequests(deps));
    const first = await soon(ask(write));
    return { deps, ask, first, effect: reached.length > 0, kind: Object.keys(deps.ledger.counts())[0] ?? '' };
  };

  it('end before or after an effect, with an error or in silence', async () => {
    const ends = await Promise.all([...Array(40).keys()].map((seed) => end(String(seed))));
    for (const { first, effect, kind } of ends) {
      expect(effect).toBe(kind.endsWith('after an effect'));
      expect(first).toBe(kind.startsWith('function killed') ? NOT_ANSWERED : 'hang up');
    }
    expect(new Set(ends.map(({ kind }) => kind)).size).toBe(4);
  });

  it('get nothing through any more, while others do, until they are gone', async () => {
    const { deps, ask } = await end('1');
    expect(await soon(ask(write))).not.toBe(fine);
    expect(await ask(asked({ method: 'PUT', url: '/bucket/of-a-job' }))).toBe(fine);
    deps.clock.ms = 20_000;
    expect(await ask(write)).toBe(fine);
  });
});

describe('jobs', () => {
  const RUN: Run = {
    ...{ Id: `jr_${'a1'.repeat(32)}`, JobName: 'load', Attempt: 0, Arguments: { '--run_id': 'R' }, Timeout: 60 },
    ...{ JobRunState: 'STARTING', StartedOn: 0, LastModifiedOn: 0, CompletedOn: null, ErrorMessage: null },
  };
  const commit = '/bucket/processed/runs/R/load/result.json';
  /** A run under a seed: its requests until its commit, as far as they are answered. */
  const live = async (rates: Partial<FaultRates>, seed: string) => {
    const deps = depsOf({ endsPerStage: 2, hangs: 9, ...rates }, seed);
    const jobs = faultyJobs(deps);
    let killed = false;
    const executed: string[] = [];
    const execute = jobs.wrapExecute((_, { Id }) => {
      executed.push(Id);
      return { done: new Promise(() => {}), kill: () => (killed = true) };
    });
    execute({}, RUN, () => {});
    const { ask, reached } = behind(jobs.interceptor);
    for (const url of [...'1234567890'].map((n) => `/bucket/${n}`).concat(commit)) {
      const reply = await soon(ask(asked({ app: jobMark(RUN.Id), method: 'PUT', url })));
      if (reply !== fine) break;
    }
    const committed = reached.some(({ url }) => url === commit);
    return { killed, executed, committed, kinds: Object.keys(deps.ledger.counts()) };
  };
  const under = (rates: Partial<FaultRates>) =>
    Promise.all([...Array(60).keys()].map((seed) => live(rates, String(seed))));

  it('are killed at their writes and at their commit, before and after it', async () => {
    const lives = await under({ killJob: 1 });
    expect(new Set(lives.flatMap(({ kinds }) => kinds))).toEqual(
      new Set([
        'job killed before a write',
        'job killed after a write',
        'job killed before its commit',
        'job killed after its commit',
      ]),
    );
    for (const { killed, committed, kinds } of lives) {
      // Those without a kind are killed by the clock, later than this test looks.
      expect(killed).toBe(kinds.length > 0);
      expect(committed).toBe(kinds.length === 0 || kinds[0] === 'job killed after its commit');
    }
  });

  it('hang on one of their writes', async () => {
    for (const { killed, committed, kinds } of await under({ hangJob: 1 })) {
      expect({ killed, committed, kinds }).toEqual({
        killed: false,
        committed: false,
        kinds: ['job hung until its timeout'],
      });
    }
  });

  it('run twice at once', async () => {
    expect((await live({ twin: 1 }, '1')).executed).toEqual([RUN.Id, `${RUN.Id}-twin`]);
  });

  it('are not killed more often than their stage has patience', () => {
    const deps = depsOf({ killJob: 1, endsPerStage: 2 });
    const jobs = faultyJobs(deps);
    let marks = 0;
    const execute = jobs.wrapExecute(() => ({ done: Promise.resolve({ ok: true }), kill: () => (marks += 1) }));
    jest.useFakeTimers();
    for (let i = 0; i < 20; i += 1) execute({}, { ...RUN, Id: `${RUN.Id}${i}` }, () => {});
    expect(jest.getTimerCount()).toBeLessThanOrEqual(2);
    jest.useRealTimers();
  });
});

describe('events', () => {
  const event = (n: number): BusEvent => ({
    ...{ version: '0', id: String(n), 'detail-type': 'Glue Job State Change', source: 'aws.glue', account: '0' },
    ...{ time: '', region: '', resources: [], detail: { jobName: 'load' } },
  });
  const published = (rates: Partial<FaultRates>) => {
    jest.useFakeTimers();
    const deps = depsOf(rates);
    const ids: string[] = [];
    const publish = faultyEvents(deps)(({ id }) => void ids.push(id));
    for (let n = 1; n <= 20; n += 1) publish(event(n));
    jest.runAllTimers();
    jest.useRealTimers();
    return { ids, counts: deps.ledger.counts() };
  };

  it('are lost', () => {
    expect(published({ loseEvent: 1 })).toEqual({ ids: [], counts: { 'event lost': 20 } });
  });

  it('are repeated, late and in another order', () => {
    const { ids, counts } = published({ repeatEvent: 1, lateMs: 1_000 });
    expect(ids).toHaveLength(40);
    expect(new Set(ids).size).toBe(20);
    expect(ids).not.toEqual([...ids].sort((a, b) => Number(a) - Number(b)));
    expect(counts).toEqual({ 'event late': 20, 'event repeated': 20, 'event reordered': expect.any(Number) });
  });
});
