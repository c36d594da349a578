import { ROW_REASONS, type RowsMetric, rowsMetric, STAGES, type Stage } from '@music-etl/contracts';

/** Returns the name of a stage's service, by which logs and metrics are found. */
export const serviceName = (stage: Stage): string => `music-streaming-${stage}`;

/** The CloudWatch namespace of all metrics of the functions. */
export const METRIC_NAMESPACE = 'MusicStreaming';
/** The only dimensions. Run and date are properties instead: searchable in the log, at no cost per metric. */
export const METRIC_DIMENSIONS = ['service', 'environment'] as const;

type Unit = 'Count' | 'Seconds' | 'Percent';
interface Metric {
  readonly unit: Unit;
  /** The services that emit it. */
  readonly stages: readonly Stage[];
}

const by = (unit: Unit, ...stages: Stage[]): Metric => ({ unit, stages });

/** One metric per reason to quarantine a row. */
const rowsByReason = Object.fromEntries(
  ROW_REASONS.map((reason) => [rowsMetric(reason), by('Count', 'validate')]),
) as Record<RowsMetric, Metric>;

/** Every metric that the functions emit. AWS bills each one monthly, per service that emits it. */
export const MEASURED = {
  /** From the first request of the stage to its close, with waiting and all attempts. */
  StageSeconds: by('Seconds', ...STAGES),
  /** Attempts beyond the first of a stage that has closed. */
  ExtraAttempts: by('Count', ...STAGES),
  /** Glue runs that ended without a result. */
  JobFailures: by('Count', ...STAGES),
  /** Messages deferred because the stage was at capacity. */
  Deferrals: by('Count', ...STAGES),
  DeadLetters: by('Count', ...STAGES),
  /** Runs that are neither closed nor dead. */
  ActiveRuns: by('Count', ...STAGES),
  /** How long the oldest of them has made no progress. */
  OldestActiveRunSeconds: by('Seconds', ...STAGES),

  PendingFiles: by('Count', 'ingest'),
  OldestPendingSeconds: by('Seconds', 'ingest'),
  FilesPrepared: by('Count', 'ingest'),
  FilesReplayed: by('Count', 'ingest'),
  FilesWaiting: by('Count', 'ingest'),
  FilesRejected: by('Count', 'ingest'),
  ReferenceFilesBroken: by('Count', 'ingest'),

  RowsAccepted: by('Count', 'validate'),
  RowsDuplicate: by('Count', 'validate'),
  RowsQuarantined: by('Count', 'validate'),
  ...rowsByReason,
  /** Rows of files that are on hold; none of them is effective. */
  RowsHeld: by('Count', 'validate'),
  /** The share of quarantined rows among the rows that a run read. */
  QuarantinedPercent: by('Percent', 'validate'),
  FilesHeld: by('Count', 'validate'),
  /** Event ids that name several different rows of one file. */
  ReusedEventIds: by('Count', 'validate'),

  DatesPublished: by('Count', 'kpi'),
  /** Dates for which a newer generation was already published. */
  DatesOvertaken: by('Count', 'kpi'),

  DatesLoaded: by('Count', 'load'),
  ItemsWritten: by('Count', 'load'),
  ItemsRemoved: by('Count', 'load'),
  /** One per date: from the arrival of the run's earliest file until the date is complete in the table. */
  FreshnessSeconds: by('Seconds', 'load'),

  FilesArchived: by('Count', 'archive'),
  /** From the creation of a run to its end. */
  RunSeconds: by('Seconds', 'archive'),
} as const satisfies Record<string, Metric>;

export type MetricName = keyof typeof MEASURED;
const isMetric = (name: string): name is MetricName => Object.hasOwn(MEASURED, name);
export const METRIC_NAMES: readonly MetricName[] = Object.keys(MEASURED).filter(isMetric);

export interface Measurement {
  readonly name: MetricName;
  readonly value: number;
  /** Distinguishes several measurements of one metric, by date for example. */
  readonly properties?: Readonly<Record<string, string>>;
}

/** Records measurements; `properties` are common to all of them (the run). */
export type Meter = (measurements: readonly Measurement[], properties?: Readonly<Record<string, string>>) => void;

/** Returns the counts above zero as measurements. */
export const counted = (counts: Readonly<Partial<Record<MetricName, number>>>): Measurement[] =>
  METRIC_NAMES.flatMap((name) => {
    const value = counts[name] ?? 0;
    return value > 0 ? [{ name, value }] : [];
  });

export const secondsBetween = (from: string | number, to: string | number): number =>
  Math.max(0, (new Date(to).getTime() - new Date(from).getTime()) / 1000);
