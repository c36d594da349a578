import { createHash } from 'node:crypto';
import { StringDecoder } from 'node:string_decoder';
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

/** DynamoDB's limit of a partition key, in bytes of UTF-8. */
const LONGEST_KEY = 2048;

/**
 * Returns the item's partition key; a longer one ends in the SHA-256 of its dimension.
 * @example partitionKey('genre_daily', 'rock') // 'genre_daily#rock'
 */
export const partitionKey = (metric: string, dimension: string | null): string => {
  const bytes = Buffer.from(dimension === null ? metric : `${metric}#${dimension}`);
  if (dimension === null || bytes.length <= LONGEST_KEY) return bytes.toString();
  const tail = `…${createHash('sha256').update(dimension).digest('hex')}`;
  // A decoder drops the first bytes of a character that the cut has halved.
  return new StringDecoder('utf8').write(bytes.subarray(0, LONGEST_KEY - Buffer.byteLength(tail))) + tail;
};

/** Lists the dates from whose rows the item is computed, the item's own first. */
export const datesBehind = ({ metric, date }: Kpi): string[] => (metric.period === 'date' ? [date] : datesRead(date));

/** `genre_daily rock 2018-11-15` */
export const kpiName = ({ metric, dimension, period }: Kpi): string =>
  [metric.name, ...(dimension === null ? [] : [dimension]), period].join(' ');
