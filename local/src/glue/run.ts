/** The states of a Glue job run. */
export type RunState = 'STARTING' | 'RUNNING' | 'STOPPING' | 'STOPPED' | 'SUCCEEDED' | 'FAILED' | 'TIMEOUT';

export type Run = {
  readonly Id: string;
  readonly JobName: string;
  readonly Attempt: number;
  /** The run's own arguments, as on AWS without the job's defaults. */
  readonly Arguments: Record<string, string>;
  /** Minutes. */
  readonly Timeout: number;
  readonly JobRunState: RunState;
  /** Milliseconds since the epoch. */
  readonly StartedOn: number;
  readonly LastModifiedOn: number;
  readonly CompletedOn: number | null;
  readonly ErrorMessage: string | null;
};

const NEXT: Record<RunState, readonly RunState[]> = {
  STARTING: ['RUNNING', 'STOPPING', 'FAILED', 'TIMEOUT'],
  RUNNING: ['STOPPING', 'SUCCEEDED', 'FAILED', 'TIMEOUT'],
  STOPPING: ['STOPPED'],
  STOPPED: [],
  SUCCEEDED: [],
  FAILED: [],
  TIMEOUT: [],
};

export const isFinal = (run: Run): boolean => NEXT[run.JobRunState].length === 0;

/** Returns the run in its next state, or null if this transition does not exist: a finished run does not change. */
export const advance = (run: Run, to: RunState, now: number, error: string | null = null): Run | null => {
  if (!NEXT[run.JobRunState].includes(to)) return null;
  const ended = NEXT[to].length === 0;
  return {
    ...run,
    JobRunState: to,
    LastModifiedOn: now,
    CompletedOn: ended ? now : null,
    ErrorMessage: error ?? run.ErrorMessage,
  };
};

/** Returns the short id of a run for the user agent of its requests, where the whole id is too long. */
export const jobMark = (runId: string): string => runId.replace(/^(jr_[0-9a-f]{24})[0-9a-f]*/, '$1');
