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

/** A dead letter as far as it explains itself. */
export interface DeadLetter {
  queue: string;
  run_id: string | null;
  /** Files whose arrival the message tells (S3's notification), or that a person asked for; empty for that of a run. */
  keys: readonly string[];
  /** What a person asked of a file. */
  request: { action: string; request_id: string } | null;
  reason: string;
  /** The Glue run that failed last; null where none was started. */
  job_run_id: string | null;
  error: string;
}

/** Everything one look at the pipeline shows. */
export interface Snapshot {
  files: readonly FileDocument[];
  dates: readonly DateDocument[];
  active: readonly { stage: Stage; run_id: string }[];
  runs: ReadonlyMap<string, RunView>;
  /** What no run has taken yet: arrivals, and versions that are to be reprocessed. */
  pending: number;
  /** Of these the versions to be reprocessed. */
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

export const deadLetters = (snapshot: Snapshot): number =>
  snapshot.queues.filter(({ dead }) => dead).reduce((sum, queue) => sum + queue.visible + queue.in_flight, 0);

/** What the runs of a snapshot were formed of. */
export const knownRuns = ({ runs }: Snapshot): ReadonlyMap<string, RunDocument> =>
  new Map([...runs.values()].flatMap(({ run_id, document }) => (document ? [[run_id, document]] : [])));

/** Nothing is under way and nothing is on its way. */
export const isQuiet = (snapshot: Snapshot): boolean =>
  snapshot.active.length === 0 &&
  snapshot.pending === 0 &&
  snapshot.queues.every((queue) => queue.dead || queue.visible + queue.in_flight + queue.delayed === 0);
