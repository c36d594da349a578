import { type DateDocument, type FileDocument, METRICS } from '@music-etl/contracts';
import { addDays } from '../shared/dates.ts';
import { effectiveRows } from './plan.ts';

/** kpi, load and archive. */
export const GLUE_RUNS_A_RUN = 3;
/** 2 × G.1X for a minute, Glue's least, at $0.44 a DPU-hour. */
const DOLLARS_A_GLUE_RUN = (2 * 0.44) / 60;
const DOLLARS_A_WRITE_UNIT = 0.625 / 1_000_000;
/** Of a transaction; as much again where the item is in the index. */
const WRITE_UNITS = 2;
const DATES_BEFORE = 2;

/** What a backfill will read, start, write and cost. */
export interface Estimate {
  dates: string[];
  runs: number;
  /** Files with rows on the dates or the two before each. */
  files: number;
  /** Rows on the dates themselves. */
  rows: number;
  /** Rows that all runs together read: the two dates before a run's dates are read as well. */
  rows_read: number;
  glue_runs: number;
  /** As the dates' last generation had; null where no date was ever published. */
  items: number | null;
  write_units: number;
  glue_dollars: number;
  dynamodb_dollars: number;
}

const unitsOf = (metric: string): number => {
  const known = METRICS.find(({ name }) => name === metric);
  return known && !('listen_count' in known.fields) ? WRITE_UNITS : 2 * WRITE_UNITS;
};

/** The dates a run of these dates reads: trending_24h reaches back two days. */
const datesRead = (dates: readonly string[]): Set<string> =>
  new Set(dates.flatMap((date) => Array.from({ length: DATES_BEFORE + 1 }, (_, back) => addDays(date, -back))));

export const estimateBackfill = (
  chunks: readonly (readonly string[])[],
  published: readonly DateDocument[],
  documents: readonly FileDocument[],
): Estimate => {
  const rows = effectiveRows(documents);
  const rowsOn = (dates: Iterable<string>): number =>
    [...dates].reduce((sum, date) => sum + [...(rows.get(date)?.values() ?? [])].reduce((a, b) => a + b, 0), 0);
  const dates = chunks.flat();
  const files = new Set([...datesRead(dates)].flatMap((date) => [...(rows.get(date)?.keys() ?? [])]));
  const objects = published.filter(({ date }) => dates.includes(date)).flatMap((each) => Object.entries(each.objects));
  const units = objects.reduce((sum, [metric, { items }]) => sum + items * unitsOf(metric), 0);
  const glueRuns = chunks.length * GLUE_RUNS_A_RUN;
  return {
    dates,
    runs: chunks.length,
    files: files.size,
    rows: rowsOn(dates),
    rows_read: chunks.reduce((sum, chunk) => sum + rowsOn(datesRead(chunk)), 0),
    glue_runs: glueRuns,
    items: objects.length === 0 ? null : objects.reduce((sum, [, { items }]) => sum + items, 0),
    write_units: units,
    glue_dollars: glueRuns * DOLLARS_A_GLUE_RUN,
    dynamodb_dollars: units * DOLLARS_A_WRITE_UNIT,
  };
};
