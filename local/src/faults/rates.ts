/** How likely each fault is where it can happen, 0 to 1, and how often at most where more would only test patience. */
export type FaultRates = {
  /** A request is answered 500, 503 or throttled, and has no effect. */
  readonly reject: number;
  /** A request has its effect, but the reply is lost. */
  readonly loseReply: number;
  /** A function gets no further than a request, or not even so far. */
  readonly endFunction: number;
  readonly endsPerFunction: number;
  /** StartJobRun finds a at capacity, or is throttled. */
  readonly atCapacity: number;
  /** StartJobRun times out after the run began. */
  readonly loseStart: number;
  /** A job's process is killed: at a moment, at one of its writes, at its commit. */
  readonly killJob: number;
  /** A job hangs on one of its writes until its timeout. */
  readonly hangJob: number;
  readonly hangs: number;
  /** Killed or hung; fewer than the stage's patience: what fails for ever is no fault but an error, and needs a hand. */
  readonly endsPerStage: number;
  /** A job runs twice at once. */
  readonly twin: number;
  readonly loseEvent: number;
  readonly repeatEvent: number;
  /** An event is up to this late, which also reorders events. */
  readonly lateMs: number;
  /** A notification of S3 comes again, later. */
  readonly repeatNotification: number;
  /** A notification of S3 is up to this late, which also reorders notifications. */
  readonly lateNotificationSeconds: number;
};

export const FAULT_RATES = {
  light: {
    reject: 0.02,
    loseReply: 0.01,
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
    loseReply: 0.05,
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
