import { STAGES, type Stage } from '@music-etl/contracts';

/** CloudWatch's namespace of everything measured here. */
export const METRIC_NAMESPACE = 'MusicStreaming';
/** The only dimensions. Whatever else tells measurements apart (run, date) is a property: searchable, and free. */
export const METRIC_DIMENSIONS = ['service', 'environment'] as const;

type Unit = 'Count' | 'Seconds' | 'Percent';
interface Metric {
  readonly unit: Unit;
  /** The services that emit it. */
  readonly stages: readonly Stage[];
}

const by = (unit: Unit, ...stages: Stage[]): Metric => ({ unit, stages });

/** Every metric the functions emit. Each is paid for by the month, in every service that emits it. */
export const MEASURED = {
  /** From the first request of the stage to its close: waiting, attempts and all. */
  StageSeconds: by('Seconds', ...STAGES),
  /** Attempts beyond the first of a stage that has closed. */
  ExtraAttempts: by('Count', ...STAGES),
  /** Glue runs that ended without a result. */
  JobFailures: by('Count', ...STAGES),
  /** Messages put off because the house was full. */
  Deferrals: by('Count', ...STAGES),
  DeadLetters: by('Count', ...STAGES),
  /** Runs in hand that nobody has given up, and how long the oldest has been. */
  ActiveRuns: by('Count', ...STAGES),
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
  RowsMalformedRow: by('Count', 'validate'),
  RowsMissingField: by('Count', 'validate'),
  RowsBadTimestamp: by('Count', 'validate'),
  RowsTimestampOutOfRange: by('Count', 'validate'),
  RowsBadNumber: by('Count', 'validate'),
  RowsUnknownUser: by('Count', 'validate'),
  RowsUnknownTrack: by('Count', 'validate'),
  /** Rows of held files: none of them stands. */
  RowsHeld: by('Count', 'validate'),
  /** Of the rows a run read, how many were rejected. */
  QuarantinedPercent: by('Percent', 'validate'),
  FilesHeld: by('Count', 'validate'),

  DatesPublished: by('Count', 'kpi'),
  /** Dates of which a newer generation had been published already. */
  DatesOvertaken: by('Count', 'kpi'),

  DatesLoaded: by('Count', 'load'),
  ItemsWritten: by('Count', 'load'),
  ItemsRemoved: by('Count', 'load'),
  /** One a date: from the arrival of the run's earliest file to the date being complete in the table. */
  FreshnessSeconds: by('Seconds', 'load'),

  FilesArchived: by('Count', 'archive'),
  /** From the forming of a run to its end. */
  RunSeconds: by('Seconds', 'archive'),
} as const satisfies Record<string, Metric>;

export type MetricName = keyof typeof MEASURED;
const isMetric = (name: string): name is MetricName => Object.hasOwn(MEASURED, name);
export const METRIC_NAMES: readonly MetricName[] = Object.keys(MEASURED).filter(isMetric);

export interface Measurement {
  readonly name: MetricName;
  readonly value: number;
  /** What this measurement is of, where one measures several (a date). */
  readonly properties?: Readonly<Record<string, string>>;
}

/** Takes measurements down, with what they have in common (the run). */
export type Meter = (measurements: readonly Measurement[], properties?: Readonly<Record<string, string>>) => void;

/** Counts as measurements; nothing to count is nothing to pay for. */
export const counted = (counts: Readonly<Partial<Record<MetricName, number>>>): Measurement[] =>
  METRIC_NAMES.flatMap((name) => {
    const value = counts[name] ?? 0;
    return value > 0 ? [{ name, value }] : [];
  });

export const secondsBetween = (from: string | number, to: string | number): number =>
  Math.max(0, (new Date(to).getTime() - new Date(from).getTime()) / 1000);
