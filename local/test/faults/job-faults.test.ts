import { faultyJobs } from '../../src/faults/job-faults.ts';
import type { FaultRates } from '../../src/faults/rates.ts';
import { jobMark, type Run } from '../../src/glue/run.ts';
import { exchangeOf, OK } from '../support/exchanges.ts';
import { behind, contextOf, soon } from '../support/faults.ts';

const RUN: Run = {
  ...{ Id: `jr_${'a1'.repeat(32)}`, JobName: 'load', Attempt: 0, Arguments: { '--run_id': 'R' }, Timeout: 60 },
  ...{ JobRunState: 'STARTING', StartedOn: 0, LastModifiedOn: 0, CompletedOn: null, ErrorMessage: null },
};
const COMMIT = '/bucket/processed/runs/R/load/result.json';

/** Makes ten writes and the commit of a run, until one of them gets no response. */
const runJob = async (rates: Partial<FaultRates>, seed: string) => {
  const context = contextOf({ endsPerStage: 2, hangs: 9, ...rates }, seed);
  const jobs = faultyJobs(context);
  let killed = false;
  const executed: string[] = [];
  const execute = jobs.wrapExecute((_, { Id }) => {
    executed.push(Id);
    return { done: new Promise(() => {}), kill: () => (killed = true) };
  });
  execute({}, RUN, () => {});
  const { send, reached } = behind(jobs.interceptor);
  for (const url of [...'1234567890'].map((n) => `/bucket/${n}`).concat(COMMIT)) {
    const reply = await soon(send(exchangeOf({ app: jobMark(RUN.Id), method: 'PUT', url })));
    if (reply !== OK) break;
  }
  const committed = reached.some(({ url }) => url === COMMIT);
  return { killed, executed, committed, kinds: Object.keys(context.counter.counts()) };
};

const runSeeds = (rates: Partial<FaultRates>) =>
  Promise.all([...Array(60).keys()].map((seed) => runJob(rates, String(seed))));

describe('jobs with faults', () => {
  it('are killed at their writes and at their commit, before and after it', async () => {
    const runs = await runSeeds({ killJob: 1 });
    expect(new Set(runs.flatMap(({ kinds }) => kinds))).toEqual(
      new Set([
        'job killed before a write',
        'job killed after a write',
        'job killed before its commit',
        'job killed after its commit',
      ]),
    );
    for (const { killed, committed, kinds } of runs) {
      // Runs without a kind are killed by a timer, after this test has ended.
      expect(killed).toBe(kinds.length > 0);
      expect(committed).toBe(kinds.length === 0 || kinds[0] === 'job killed after its commit');
    }
  });

  it('hang at one of their writes', async () => {
    for (const { killed, committed, kinds } of await runSeeds({ hangJob: 1 })) {
      expect({ killed, committed, kinds }).toEqual({
        killed: false,
        committed: false,
        kinds: ['job hung until its timeout'],
      });
    }
  });

  it('run twice at once', async () => {
    expect((await runJob({ twin: 1 }, '1')).executed).toEqual([RUN.Id, `${RUN.Id}-twin`]);
  });

  it('are killed fewer times than their stage retries', () => {
    const jobs = faultyJobs(contextOf({ killJob: 1, endsPerStage: 2 }));
    let kills = 0;
    const execute = jobs.wrapExecute(() => ({ done: Promise.resolve({ ok: true }), kill: () => (kills += 1) }));
    jest.useFakeTimers();
    for (let i = 0; i < 20; i += 1) execute({}, { ...RUN, Id: `${RUN.Id}${i}` }, () => {});
    expect(jest.getTimerCount()).toBeLessThanOrEqual(2);
    jest.useRealTimers();
  });
});
