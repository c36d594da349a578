import type { Job } from '@aws-sdk/client-glue';
import { AwsError } from '../gateway/aws-json.ts';
import { mergeArguments } from './arguments.ts';
import type { Announce, Execute, Execution, FindJob, Outcome } from './ports.ts';
import { advance, isFinal, type Run, type RunState } from './run.ts';
import type { RunStore } from './run-store.ts';

const DEFAULT_TIMEOUT_MINUTES = 2880;
const DEFAULT_CONCURRENT_RUNS = 1;
/** The longest delay of a JavaScript timer. */
const MAX_TIMER_MS = 2 ** 31 - 1;

type StartInput = {
  JobName: string;
  Arguments?: Record<string, string> | undefined;
  Timeout?: number | undefined;
};
type StopError = { JobName: string; JobRunId: string; ErrorDetail: { ErrorCode: string; ErrorMessage: string } };
type StopResult = { SuccessfulSubmissions: { JobName: string; JobRunId: string }[]; Errors: StopError[] };

export type GlueRuns = {
  start: (input: StartInput) => Promise<Run>;
  get: (jobName: string, runId: string) => Run;
  list: (jobName: string) => Promise<readonly Run[]>;
  stop: (jobName: string, runIds: readonly string[]) => StopResult;
  /** Closes runs that a former local stack left unfinished. */
  recover: () => void;
  /** Kills all runs; resolves when none is left. */
  end: () => Promise<void>;
};

type GlueRunsDeps = {
  store: RunStore;
  findJob: FindJob;
  execute: Execute;
  announce: Announce;
  now: () => number;
  newId: () => string;
  /** The length of Glue's minute; tests have shorter ones. */
  minuteMs: number;
};

type Live = { execution: Execution; timer: NodeJS.Timeout; closed: Promise<void> };

const stopError = (JobName: string, JobRunId: string, ErrorCode: string, ErrorMessage: string): StopError => ({
  JobName,
  JobRunId,
  ErrorDetail: { ErrorCode, ErrorMessage },
});

const stopResult = (
  JobName: string,
  runIds: readonly string[],
  stop: (runId: string) => StopError | null,
): StopResult => {
  const results = runIds.map((JobRunId) => ({ JobRunId, error: stop(JobRunId) }));
  return {
    SuccessfulSubmissions: results.flatMap(({ JobRunId, error }) => (error === null ? [{ JobName, JobRunId }] : [])),
    Errors: results.flatMap(({ error }) => error ?? []),
  };
};

/** Changes a run's state in the store and announces its end; returns null if the run is in no state for that. */
type Move = (run: Run, to: RunState, error?: string | null) => Run | null;

const createMove =
  ({ store, now, announce }: GlueRunsDeps): Move =>
  (run, to, error = null) => {
    const current = store.get(run.JobName, run.Id) ?? run;
    const moved = advance(current, to, now(), error);
    if (moved === null) return null;
    store.write(moved);
    if (isFinal(moved)) announce(moved);
    return moved;
  };

/** Runs jobs and moves their runs to the state in which they end. */
const createLauncher = (deps: GlueRunsDeps, move: Move) => {
  const live = new Map<string, Live>();
  let ending = false;

  const close = (run: Run, outcome: Outcome): void => {
    const entry = live.get(run.Id);
    if (entry) clearTimeout(entry.timer);
    live.delete(run.Id);
    // A run that ends with the local stack stays unfinished in the store: the next start closes it.
    if (ending || move(run, 'STOPPED')) return;
    if (outcome.ok) move(run, 'SUCCEEDED');
    else move(run, 'FAILED', outcome.error);
  };

  return {
    launch: (job: Job, run: Run): void => {
      const execution = deps.execute(job, run, () => void move(run, 'RUNNING'));
      const onTimeout = (): void => {
        move(run, 'TIMEOUT', `Job run timed out after ${run.Timeout} minutes`);
        execution.kill();
      };
      const timer = setTimeout(onTimeout, Math.min(run.Timeout * deps.minuteMs, MAX_TIMER_MS));
      timer.unref();
      const closed = execution.done.then((outcome) => close(run, outcome));
      live.set(run.Id, { execution, timer, closed });
    },
    kill: (runId: string): void => live.get(runId)?.execution.kill(),
    end: async (): Promise<void> => {
      ending = true;
      const running = [...live.values()];
      for (const { execution } of running) execution.kill();
      await Promise.all(running.map(({ closed }) => closed));
    },
  };
};

const newRun = (input: StartInput, job: Job, { newId, now }: GlueRunsDeps): Run => ({
  Id: newId(),
  JobName: input.JobName,
  Attempt: 0,
  Arguments: mergeArguments(input.Arguments),
  Timeout: input.Timeout ?? job.Timeout ?? DEFAULT_TIMEOUT_MINUTES,
  JobRunState: 'STARTING',
  StartedOn: now(),
  LastModifiedOn: now(),
  CompletedOn: null,
  ErrorMessage: null,
});

const notFound = (what: string): AwsError => new AwsError('EntityNotFoundException', `${what} not found.`);

const findJobOrThrow = async (findJob: FindJob, jobName: string): Promise<Job> => {
  const job = await findJob(jobName);
  if (job === null) throw notFound(`Job with name: ${jobName}`);
  return job;
};

const checkConcurrency = (store: RunStore, jobName: string, job: Job): void => {
  const limit = job.ExecutionProperty?.MaxConcurrentRuns ?? DEFAULT_CONCURRENT_RUNS;
  const unfinished = store.list(jobName).filter((run) => !isFinal(run)).length;
  if (unfinished >= limit) {
    throw new AwsError('ConcurrentRunsExceededException', `Concurrent runs exceeded for ${jobName}`);
  }
};

const closeUnfinished = (store: RunStore, move: Move): void => {
  for (const run of store.all().filter((known) => !isFinal(known))) {
    if (move(run, 'STOPPED') === null) move(run, 'FAILED', 'The local stack ended during the run');
  }
};

/** Creates Glue's job runs: which may start, which state they are in, how they end. */
export const createGlueRuns = (deps: GlueRunsDeps): GlueRuns => {
  const { store, findJob } = deps;
  const move = createMove(deps);
  const launcher = createLauncher(deps, move);

  const stopOne = (jobName: string, runId: string): StopError | null => {
    const run = store.get(jobName, runId);
    if (run === null) return stopError(jobName, runId, 'EntityNotFoundException', `Job run ${runId} not found.`);
    if (move(run, 'STOPPING') === null) {
      return stopError(jobName, runId, 'InvalidInputException', `Job run ${runId} is ${run.JobRunState}.`);
    }
    launcher.kill(runId);
    return null;
  };

  return {
    start: async (input) => {
      const job = await findJobOrThrow(findJob, input.JobName);
      checkConcurrency(store, input.JobName, job);
      const run = newRun(input, job, deps);
      store.write(run);
      launcher.launch(job, run);
      return run;
    },
    get: (jobName, runId) => {
      const run = store.get(jobName, runId);
      if (run === null) throw notFound(`Job run ${runId} of ${jobName}`);
      return run;
    },
    list: async (jobName) => {
      await findJobOrThrow(findJob, jobName);
      return store.list(jobName);
    },
    stop: (jobName, runIds) => stopResult(jobName, runIds, (runId) => stopOne(jobName, runId)),
    recover: () => closeUnfinished(store, move),
    end: launcher.end,
  };
};
