import type { Job } from '@aws-sdk/client-glue';
import { AwsError } from '../gateway/aws-json.ts';
import { mergeArguments } from './arguments.ts';
import type { Announce, Execute, Execution, FindJob, Outcome } from './ports.ts';
import { advance, isFinal, type Run, type RunState } from './run.ts';
import type { RunBook } from './run-book.ts';

const DEFAULT_TIMEOUT_MINUTES = 2880;
const DEFAULT_CONCURRENT_RUNS = 1;

export type StartInput = {
  JobName: string;
  Arguments?: Record<string, string> | undefined;
  Timeout?: number | undefined;
};
export type StopError = { JobName: string; JobRunId: string; ErrorDetail: { ErrorCode: string; ErrorMessage: string } };
export type StopResult = { SuccessfulSubmissions: { JobName: string; JobRunId: string }[]; Errors: StopError[] };

export type GlueRuns = {
  start: (input: StartInput) => Promise<Run>;
  get: (jobName: string, runId: string) => Run;
  list: (jobName: string) => Promise<readonly Run[]>;
  stop: (jobName: string, runIds: readonly string[]) => StopResult;
  /** Closes runs that a former local stack left unfinished. */
  recover: () => void;
  /** Kills what still runs; resolves when nothing does. */
  end: () => Promise<void>;
};

export type GlueRunsDeps = {
  book: RunBook;
  findJob: FindJob;
  execute: Execute;
  announce: Announce;
  now: () => number;
  newId: () => string;
  /** How long Glue's minute lasts; tests have shorter ones. */
  minuteMs: number;
};

type Live = { execution: Execution; timer: NodeJS.Timeout; terminal: Promise<void> };

const stopError = (JobName: string, JobRunId: string, ErrorCode: string, ErrorMessage: string): StopError => ({
  JobName,
  JobRunId,
  ErrorDetail: { ErrorCode, ErrorMessage },
});

/** Glue's job runs: who may start, what state they are in, how they end. */
export const createGlueRuns = (deps: GlueRunsDeps): GlueRuns => {
  const live = new Map<string, Live>();
  let ending = false;

  const move = (run: Run, to: RunState, error: string | null = null): Run | null => {
    const current = deps.book.get(run.JobName, run.Id) ?? run;
    const moved = advance(current, to, deps.now(), error);
    if (moved === null) return null;
    deps.book.write(moved);
    if (isFinal(moved)) deps.announce(moved);
    return moved;
  };

  const awaitTerminal = (run: Run, outcome: Outcome): void => {
    const entry = live.get(run.Id);
    if (entry) clearTimeout(entry.timer);
    live.delete(run.Id);
    if (ending) return;
    if (move(run, 'STOPPED')) return;
    if (outcome.ok) move(run, 'SUCCEEDED');
    else move(run, 'FAILED', outcome.error);
  };

  const launch = (job: Job, run: Run): void => {
    const execution = deps.execute(job, run, () => void move(run, 'RUNNING'));
    const timer = setTimeout(
      () => {
        move(run, 'TIMEOUT', `Job run timed out after ${run.Timeout} minutes`);
        execution.kill();
      },
      Math.min(run.Timeout * deps.minuteMs, 2 ** 31 - 1),
    );
    timer.unref();
    const terminal = execution.done.then((outcome) => awaitTerminal(run, outcome));
    live.set(run.Id, { execution, timer, terminal });
  };

  const jobOrThrow = async (jobName: string): Promise<Job> => {
    const job = await deps.findJob(jobName);
    if (job === null) throw new AwsError('EntityNotFoundException', `Job with name: ${jobName} not found.`);
    return job;
  };

  const unfinished = (jobName: string): number => deps.book.list(jobName).filter((run) => !isFinal(run)).length;

  const stopOne = (jobName: string, runId: string): StopError | null => {
    const run = deps.book.get(jobName, runId);
    if (run === null) return stopError(jobName, runId, 'EntityNotFoundException', `Job run ${runId} not found.`);
    if (move(run, 'STOPPING') === null) {
      return stopError(jobName, runId, 'InvalidInputException', `Job run ${runId} is ${run.JobRunState}.`);
    }
    live.get(runId)?.execution.kill();
    return null;
  };

  return {
    start: async (input) => {
      const job = await jobOrThrow(input.JobName);
      const limit = job.ExecutionProperty?.MaxConcurrentRuns ?? DEFAULT_CONCURRENT_RUNS;
      if (unfinished(input.JobName) >= limit) {
        throw new AwsError('ConcurrentRunsExceededException', `Concurrent runs exceeded for ${input.JobName}`);
      }
      const now = deps.now();
      const run: Run = {
        Id: deps.newId(),
        JobName: input.JobName,
        Attempt: 0,
        Arguments: mergeArguments(input.Arguments),
        Timeout: input.Timeout ?? job.Timeout ?? DEFAULT_TIMEOUT_MINUTES,
        JobRunState: 'STARTING',
        StartedOn: now,
        LastModifiedOn: now,
        CompletedOn: null,
        ErrorMessage: null,
      };
      deps.book.write(run);
      launch(job, run);
      return run;
    },
    get: (jobName, runId) => {
      const run = deps.book.get(jobName, runId);
      if (run === null) throw new AwsError('EntityNotFoundException', `Job run ${runId} of ${jobName} not found.`);
      return run;
    },
    list: async (jobName) => {
      await jobOrThrow(jobName);
      return deps.book.list(jobName);
    },
    stop: (jobName, runIds) => {
      const errors = runIds.map((runId) => stopOne(jobName, runId));
      const rejected = errors.filter((error) => error !== null);
      const stopped = runIds.filter((_, i) => errors[i] === null);
      return { SuccessfulSubmissions: stopped.map((JobRunId) => ({ JobName: jobName, JobRunId })), Errors: rejected };
    },
    recover: () => {
      for (const run of deps.book.all().filter((known) => !isFinal(known))) {
        if (move(run, 'STOPPED') === null)
          move(run, 'FAILED', 'The local localStack ended while the run was under way');
      }
    },
    end: async () => {
      ending = true;
      const running = [...live.values()];
      for (const { execution } of running) execution.kill();
      await Promise.all(running.map(({ terminal }) => terminal));
    },
  };
};
