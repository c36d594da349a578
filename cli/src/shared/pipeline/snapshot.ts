import type {
  DateDocument,
  FileDocument,
  KpiResult,
  LoadResult,
  ReferenceDocument,
  RunDocument,
  Stage,
  StageDocument,
} from '@music-etl/contracts';

export interface RunView {
  run_id: string;
  document: RunDocument | null;
  stages: Partial<Record<Stage, StageDocument>>;
  kpi: KpiResult | null;
  load: LoadResult | null;
}

export interface QueueView {
  name: string;
  dead: boolean;
  visible: number;
  in_flight: number;
  delayed: number;
}

/** A message in a dead-letter queue, with the reason that complete or start gave it. */
export interface DeadLetterMessage {
  queue: string;
  /** The run of a stage's message. */
  run_id: string | null;
  /** The files that S3 announced or that a person's request is about; empty for a run's message. */
  keys: readonly string[];
  /** A person's request. */
  request: { action: string; request_id: string } | null;
  reason: string;
  /** The Glue run that failed last; null where none was started. */
  job_run_id: string | null;
  error: string;
}

/** The state of the pipeline at one moment. */
export interface Snapshot {
  files: readonly FileDocument[];
  dates: readonly DateDocument[];
  active: readonly { stage: Stage; run_id: string }[];
  runs: ReadonlyMap<string, RunView>;
  /** Arrivals and replays that are in no run yet. */
  pending: number;
  /** The replays among them. */
  replays: number;
  waiting: number;
  reference: ReferenceDocument | null;
  queues: readonly QueueView[];
}

export const EMPTY_SNAPSHOT: Snapshot = {
  files: [],
  dates: [],
  active: [],
  runs: new Map(),
  pending: 0,
  replays: 0,
  waiting: 0,
  reference: null,
  queues: [],
};

/** Counts the messages in dead-letter queues. */
export const deadLetterCount = (snapshot: Snapshot): number =>
  snapshot.queues.filter(({ dead }) => dead).reduce((sum, queue) => sum + queue.visible + queue.in_flight, 0);

/** Lists the stages that were given up. */
export const deadStages = ({ runs }: Snapshot): StageDocument[] =>
  [...runs.values()].flatMap(({ stages }) => Object.values(stages).filter(({ state }) => state === 'dead'));

/** Returns the documents of the runs in a snapshot, by run id. */
export const knownRuns = ({ runs }: Snapshot): ReadonlyMap<string, RunDocument> =>
  new Map([...runs.values()].flatMap(({ run_id, document }) => (document ? [[run_id, document]] : [])));

/** Returns true if no run is active, nothing is pending and no queue but the dead-letter queues holds a message. */
export const isQuiet = (snapshot: Snapshot): boolean =>
  snapshot.active.length === 0 &&
  snapshot.pending === 0 &&
  snapshot.queues.every((queue) => queue.dead || queue.visible + queue.in_flight + queue.delayed === 0);
