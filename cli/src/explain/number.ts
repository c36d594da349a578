import { createHash } from 'node:crypto';
import { StringDecoder } from 'node:string_decoder';
import { METRICS, type Metric } from '@music-etl/contracts';
import { addDays, isDate } from '../shared/dates.ts';
import { UserError } from '../shared/errors.ts';

/** One number of the table that a person asks about: a metric, its dimension and its period. */
export interface Asked {
  metric: Metric;
  dimension: string | null;
  /** The item's sort key. */
  period: string;
  /** The date it belongs to: an hour H lies in (D 00:00, D+1 00:00]. */
  date: string;
}

/** DynamoDB's limit of a partition key, in bytes of UTF-8. */
const LONGEST_KEY = 2048;
const HOUR = /^(\d{4}-\d{2}-\d{2})[T ](\d{2})(?::00(?::00)?)?Z?$/;
/** How far trending_24h reaches back. */
const DATES_BACK = 2;

/**
 * The item's partition key; one that would be too long ends in the SHA-256 of its dimension.
 * @example metricKeyOf('genre_daily', 'rock') // 'genre_daily#rock'
 */
export const metricKeyOf = (metric: string, dimension: string | null): string => {
  const bytes = Buffer.from(dimension === null ? metric : `${metric}#${dimension}`);
  if (dimension === null || bytes.length <= LONGEST_KEY) return bytes.toString();
  const tail = `…${createHash('sha256').update(dimension).digest('hex')}`;
  // A decoder keeps back the beginning of a character that the cut has halved.
  return new StringDecoder('utf8').write(bytes.subarray(0, LONGEST_KEY - Buffer.byteLength(tail))) + tail;
};

const exampleOf = ({ name, key, period }: Metric): string => {
  const when = period === 'date' ? '2018-11-15' : '2018-11-15T18:00:00Z';
  return `npx music-etl explain ${[name, ...(key ? [key.toUpperCase()] : []), when].join(' ')}`;
};

const metricOf = (name: string): Metric => {
  const metric = METRICS.find((known) => known.name === name);
  if (metric) return metric;
  throw new UserError(`${name}: not a metric`, `the metrics are ${METRICS.map((known) => known.name).join(', ')}`);
};

const dayOf = (metric: Metric, text: string): Pick<Asked, 'period' | 'date'> => {
  if (isDate(text)) return { period: text, date: text };
  throw new UserError(`${text}: not a date`, `give it as YYYY-MM-DD: ${exampleOf(metric)}`);
};

const hourOf = (metric: Metric, text: string): Pick<Asked, 'period' | 'date'> => {
  const [, date = '', hour = ''] = HOUR.exec(text) ?? [];
  if (isDate(date) && Number(hour) < 24) {
    return { period: `${date}T${hour}:00:00Z`, date: hour === '00' ? addDays(date, -1) : date };
  }
  throw new UserError(
    isDate(text) ? `${metric.name} has an item for every hour, and ${text} names none` : `${text}: not a full hour`,
    `give it as YYYY-MM-DDTHH:00:00Z: ${exampleOf(metric)}`,
  );
};

/**
 * What `explain METRIC [DIMENSION] DATE` asks for.
 * @throws UserError for an unknown metric, a dimension that is missing or too many, a date that cannot be
 */
export const parseAsked = (name: string, rest: readonly string[]): Asked => {
  const metric = metricOf(name);
  const wanted = metric.key === null ? 1 : 2;
  if (rest.length !== wanted) {
    const needs = metric.key === null ? 'has no dimension: give a date alone' : `needs a ${metric.key} and a date`;
    throw new UserError(`${name} ${needs}`, `for example ${exampleOf(metric)}`);
  }
  const when = rest[wanted - 1] ?? '';
  const dimension = metric.key === null ? null : (rest[0] ?? '');
  return { metric, dimension, ...(metric.period === 'date' ? dayOf(metric, when) : hourOf(metric, when)) };
};

/** The dates whose rows the item is computed from, the item's own first. */
export const datesBehind = ({ metric, date }: Asked): string[] =>
  metric.period === 'date' ? [date] : Array.from({ length: DATES_BACK + 1 }, (_, back) => addDays(date, -back));

/** `genre_daily rock 2018-11-15` */
export const askedWords = ({ metric, dimension, period }: Asked): string =>
  [metric.name, ...(dimension === null ? [] : [dimension]), period].join(' ');

/** The dates nearest to one that has no data: the last before and the first after. */
export const nearest = (dates: readonly string[], date: string): string[] => {
  const sorted = [...dates].sort();
  const before = sorted.filter((other) => other < date).at(-1);
  const after = sorted.find((other) => other > date);
  return [before, after].filter((found) => found !== undefined);
};
