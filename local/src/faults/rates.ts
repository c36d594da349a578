/** How likely each fault is where it can happen, 0 to 1, and how often at most where more would only test patience. */
export type FaultRates = {
  /** A request is answered 500, 503 or throttled, and has no effect. */
  readonly refuse: number;
  /** A request has its effect, but the reply is lost. */
  readonly loseReply: number;
  /** A function gets no further after a request: every later one of that moment fails. */
  readonly cutOff: number;
  readonly cutOffsPerFunction: number;
  /** StartJobRun finds a full house. */
  readonly fullHouse: number;
  /** A job's process is killed somewhere on its way. */
  readonly killJob: number;
  /** A job hangs until its timeout. */
  readonly hangJob: number;
  readonly hangs: number;
  /** Fewer than the stage's patience: what fails for ever is no fault but an error, and needs a hand. */
  readonly killsPerStage: number;
  /** A job runs twice at once. */
  readonly twin: number;
  readonly loseEvent: number;
  readonly repeatEvent: number;
  /** An event is up to this late, which also reorders events. */
  readonly lateMs: number;
  /** A notification of S3 comes again, later. */
  readonly repeatNotification: number;
};

export const FAULT_RATES = {
  light: {
    refuse: 0.02,
    loseReply: 0.01,
    cutOff: 0.01,
    cutOffsPerFunction: 1,
    fullHouse: 0.1,
    killJob: 0.1,
    hangJob: 0,
    hangs: 0,
    killsPerStage: 1,
    twin: 0.1,
    loseEvent: 0.1,
    repeatEvent: 0.2,
    lateMs: 1_000,
    repeatNotification: 0.3,
  },
  heavy: {
    refuse: 0.08,
    loseReply: 0.05,
    cutOff: 0.04,
    cutOffsPerFunction: 2,
    fullHouse: 0.3,
    killJob: 0.3,
    hangJob: 0.05,
    hangs: 1,
    killsPerStage: 2,
    twin: 0.3,
    loseEvent: 0.3,
    repeatEvent: 0.4,
    lateMs: 3_000,
    repeatNotification: 1,
  },
} as const satisfies Record<string, FaultRates>;

export type FaultLevel = keyof typeof FAULT_RATES;
