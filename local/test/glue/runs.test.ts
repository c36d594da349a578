import type { Job } from '@aws-sdk/client-glue';
import type { Outcome } from '../../src/glue/ports.ts';
import type { Run } from '../../src/glue/run.ts';
import { memoryRunStore } from '../../src/glue/run-store.ts';
import { createGlueRuns } from '../../src/glue/runs.ts';
import { countingIds } from '../support/ids.ts';

const JOB: Job = { Name: 'a_job', Timeout: 60, ExecutionProperty: { MaxConcurrentRuns: 2 } };

type Started = { run: Run; running: () => void; end: (outcome: Outcome) => void; killed: boolean };

const setup = (minuteMs = 60_000) => {
  const started: Started[] = [];
  const announced: string[] = [];
  const store = memoryRunStore();
  const runs = createGlueRuns({
    store,
    findJob: async (name) => (name === 'a_job' ? JOB : null),
    execute: (_job, run, running) => {
      let end: (outcome: Outcome) => void = () => {};
      const done = new Promise<Outcome>((resolve) => {
        end = resolve;
      });
      const entry: Started = { run, running, end, killed: false };
      started.push(entry);
      return {
        done,
        kill: () => {
          entry.killed = true;
          end({ ok: false, error: 'killed' });
        },
      };
    },
    announce: (run) => announced.push(`${run.Id} ${run.JobRunState}`),
    now: () => 1_000,
    newId: countingIds('jr_'),
    minuteMs,
  });
  const at = (index: number): Started => {
    const entry = started[index];
    if (!entry) throw new Error(`no run ${index} was started`);
    return entry;
  };
  return { runs, store, announced, at };
};

const tick = () => new Promise((resolve) => setImmediate(resolve));

describe('Glue job runs', () => {
  it('go from STARTING over RUNNING to SUCCEEDED and are announced once they have ended', async () => {
    const { runs, at, announced } = setup();
    const run = await runs.start({ JobName: 'a_job', Arguments: { '--run_id': 'R' } });
    expect(run).toMatchObject({ JobRunState: 'STARTING', Arguments: { '--run_id': 'R' }, Timeout: 60 });
    at(0).running();
    expect(runs.get('a_job', run.Id).JobRunState).toBe('RUNNING');
    expect(announced).toEqual([]);
    at(0).end({ ok: true });
    await tick();
    expect(runs.get('a_job', run.Id)).toMatchObject({ JobRunState: 'SUCCEEDED', CompletedOn: 1_000 });
    expect(announced).toEqual(['jr_1 SUCCEEDED']);
  });

  it('fail with the error of their process, also before it was running', async () => {
    const { runs, at, announced } = setup();
    const run = await runs.start({ JobName: 'a_job' });
    at(0).end({ ok: false, error: 'no such script' });
    await tick();
    expect(runs.get('a_job', run.Id)).toMatchObject({ JobRunState: 'FAILED', ErrorMessage: 'no such script' });
    expect(announced).toEqual(['jr_1 FAILED']);
  });

  it('are rejected at the concurrency limit, and allowed again when one has ended', async () => {
    const { runs, at } = setup();
    await runs.start({ JobName: 'a_job' });
    await runs.start({ JobName: 'a_job' });
    await expect(runs.start({ JobName: 'a_job' })).rejects.toMatchObject({ code: 'ConcurrentRunsExceededException' });
    at(0).running();
    at(0).end({ ok: true });
    await tick();
    expect((await runs.start({ JobName: 'a_job' })).Id).toBe('jr_3');
  });

  it('are killed at their timeout, and stay TIMEOUT', async () => {
    const { runs, at, announced } = setup(1);
    const run = await runs.start({ JobName: 'a_job', Timeout: 1 });
    at(0).running();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(at(0).killed).toBe(true);
    expect(runs.get('a_job', run.Id).JobRunState).toBe('TIMEOUT');
    expect(announced).toEqual(['jr_1 TIMEOUT']);
  });

  it('are stopped on request, but not twice and not if unknown', async () => {
    const { runs, at, announced } = setup();
    const run = await runs.start({ JobName: 'a_job' });
    at(0).running();
    expect(runs.stop('a_job', [run.Id, 'jr_x'])).toMatchObject({
      SuccessfulSubmissions: [{ JobRunId: run.Id }],
      Errors: [{ JobRunId: 'jr_x', ErrorDetail: { ErrorCode: 'EntityNotFoundException' } }],
    });
    await tick();
    expect(runs.get('a_job', run.Id).JobRunState).toBe('STOPPED');
    expect(announced).toEqual(['jr_1 STOPPED']);
    expect(runs.stop('a_job', [run.Id]).Errors).toMatchObject([
      { ErrorDetail: { ErrorCode: 'InvalidInputException' } },
    ]);
  });

  it('that a former local stack left unfinished are closed as failed', async () => {
    const { runs, store, announced } = setup();
    const left = await runs.start({ JobName: 'a_job' });
    const next = setup();
    next.store.write(store.get('a_job', left.Id) ?? left);
    next.runs.recover();
    expect(next.runs.get('a_job', left.Id).JobRunState).toBe('FAILED');
    expect(next.announced).toEqual(['jr_1 FAILED']);
    expect(announced).toEqual([]);
  });

  it('of an unknown job cannot be started or listed', async () => {
    const { runs } = setup();
    await expect(runs.start({ JobName: 'other' })).rejects.toMatchObject({ code: 'EntityNotFoundException' });
    await expect(runs.list('other')).rejects.toMatchObject({ code: 'EntityNotFoundException' });
  });
});
