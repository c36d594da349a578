/** A Glue job run and the states it may pass through. */
export type RunState = 'STARTING' | 'RUNNING' | 'STOPPING' | 'STOPPED' | 'SUCCEEDED' | 'FAILED' | 'TIMEOUT';

export type Run = {
  readonly Id: string;
  readonly JobName: string;
  readonly Attempt: number;
  /** The run's own arguments; the job's defaults are not among them, as on AWS. */
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

/** The run in its next state, or null where there is no such way: a finished run stays as it ended. */
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

/** Names a run in the user agent of its requests, which has no room for its whole id. */
export const jobMark = (runId: string): string => runId.replace(/^(jr_[0-9a-f]{24})[0-9a-f]*/, '$1');
