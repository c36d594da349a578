import { BACKFILL_STAGES, type DateDocument, METRICS } from '@music-etl/contracts';
import { datesRead } from '../shared/dates-read.ts';
import type { RowsByDate } from './dates.ts';

/** 2 × G.1X for a minute, which is Glue's minimum, at $0.44 a DPU-hour. */
const DOLLARS_PER_GLUE_RUN = (2 * 0.44) / 60;
const DOLLARS_PER_WRITE_UNIT = 0.625 / 1_000_000;
/** Of an item in a transaction. The index takes as much again. */
const WRITE_UNITS = 2;

/** What a backfill will read, start, write and cost. */
export interface Estimate {
  dates: string[];
  runs: number;
  /** Files with rows on the dates or the two dates before each. */
  files: number;
  /** Rows on the dates themselves. */
  rows: number;
  /** Rows that all runs read, those of the two dates before each included. */
  rows_read: number;
  glue_runs: number;
  /** Items of the dates' last generation; null if no date was ever published. */
  items: number | null;
  write_units: number;
  glue_dollars: number;
  dynamodb_dollars: number;
}

const sum = (numbers: Iterable<number>): number => [...numbers].reduce((total, n) => total + n, 0);

/** The index holds the items that have a listen_count. */
const unitsPerItem = (metric: string): number => {
  const known = METRICS.find(({ name }) => name === metric);
  return known && !('listen_count' in known.fields) ? WRITE_UNITS : 2 * WRITE_UNITS;
};

const readBy = (dates: readonly string[]): Set<string> => new Set(dates.flatMap(datesRead));

const estimateItems = (dates: readonly string[], published: readonly DateDocument[]) => {
  const objects = published.filter(({ date }) => dates.includes(date)).flatMap((each) => Object.entries(each.objects));
  return {
    items: objects.length === 0 ? null : sum(objects.map(([, { items }]) => items)),
    write_units: sum(objects.map(([metric, { items }]) => items * unitsPerItem(metric))),
  };
};

/** Estimates a backfill whose runs compute these chunks of dates. */
export const estimateBackfill = (
  chunks: readonly (readonly string[])[],
  published: readonly DateDocument[],
  rows: RowsByDate,
): Estimate => {
  const rowsOn = (dates: Iterable<string>): number =>
    sum([...dates].map((date) => sum(rows.get(date)?.values() ?? [])));
  const dates = chunks.flat();
  const files = new Set([...readBy(dates)].flatMap((date) => [...(rows.get(date)?.keys() ?? [])]));
  const glueRuns = chunks.length * BACKFILL_STAGES.length;
  const { items, write_units } = estimateItems(dates, published);
  return {
    dates,
    runs: chunks.length,
    files: files.size,
    rows: rowsOn(dates),
    rows_read: sum(chunks.map((chunk) => rowsOn(readBy(chunk)))),
    glue_runs: glueRuns,
    items,
    write_units,
    glue_dollars: glueRuns * DOLLARS_PER_GLUE_RUN,
    dynamodb_dollars: write_units * DOLLARS_PER_WRITE_UNIT,
  };
};
