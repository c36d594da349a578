/** The probability of each fault, 0 to 1, and the highest number where more would only exceed the retries. */
export type FaultRates = {
  /** A request gets 500, 503 or a throttling error, and has no effect. */
  readonly reject: number;
  /** A request has its effect, but its response is lost. */
  readonly loseResponse: number;
  /** A function ends before or after a request. */
  readonly endFunction: number;
  readonly endsPerFunction: number;
  /** StartJobRun is rejected because Glue is at capacity or throttles. */
  readonly atCapacity: number;
  /** StartJobRun times out after the run began. */
  readonly loseStart: number;
  /** A job's process is killed at a moment, at one of its writes or at its commit. */
  readonly killJob: number;
  /** A job hangs at one of its writes until its timeout. */
  readonly hangJob: number;
  readonly hangs: number;
  /** Killed or hung runs of a stage: fewer than its retries, because a stage that always fails needs an operator. */
  readonly endsPerStage: number;
  /** A job runs twice at once. */
  readonly twin: number;
  readonly loseEvent: number;
  readonly repeatEvent: number;
  /** The longest delay of an event; delays also reorder events. */
  readonly lateMs: number;
  /** A notification of S3 comes again, later. */
  readonly repeatNotification: number;
  /** The longest delay of a notification; delays also reorder notifications. */
  readonly lateNotificationSeconds: number;
};

export const FAULT_RATES = {
  light: {
    reject: 0.02,
    loseResponse: 0.01,
    endFunction: 0.01,
    endsPerFunction: 1,
    atCapacity: 0.1,
    loseStart: 0.1,
    killJob: 0.1,
    hangJob: 0,
    hangs: 0,
    endsPerStage: 1,
    twin: 0.1,
    loseEvent: 0.1,
    repeatEvent: 0.2,
    lateMs: 1_000,
    repeatNotification: 0.3,
    lateNotificationSeconds: 1,
  },
  heavy: {
    reject: 0.08,
    loseResponse: 0.05,
    endFunction: 0.04,
    endsPerFunction: 2,
    atCapacity: 0.3,
    loseStart: 0.2,
    killJob: 0.3,
    hangJob: 0.05,
    hangs: 1,
    endsPerStage: 2,
    twin: 0.3,
    loseEvent: 0.3,
    repeatEvent: 0.4,
    lateMs: 3_000,
    repeatNotification: 1,
    lateNotificationSeconds: 4,
  },
} as const satisfies Record<string, FaultRates>;

export type FaultLevel = keyof typeof FAULT_RATES;
