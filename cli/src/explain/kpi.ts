import type { Metric } from '@music-etl/contracts';
import { datesRead } from '../shared/dates-read.ts';

/** The item to explain: its metric, dimension and period. */
export interface Kpi {
  metric: Metric;
  dimension: string | null;
  /** The item's sort key: a date, or an hour. */
  period: string;
  /** The date to which the period belongs: an hour H lies in (D 00:00, D+1 00:00]. */
  date: string;
}

/** Lists the dates from whose rows the item is computed, the item's own first. */
export const datesBehind = ({ metric, date }: Kpi): string[] => (metric.period === 'date' ? [date] : datesRead(date));

/** `genre_daily rock 2018-11-15` */
export const kpiName = ({ metric, dimension, period }: Kpi): string =>
  [metric.name, ...(dimension === null ? [] : [dimension]), period].join(' ');
