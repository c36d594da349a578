import { METRICS, type Metric } from '@music-etl/contracts';
import { addDays, isDate } from '../shared/dates.ts';
import { UserError } from '../shared/errors.ts';
import type { Kpi } from './kpi.ts';

const HOUR = /^(\d{4}-\d{2}-\d{2})[T ](\d{2})(?::00(?::00)?)?Z?$/;

const exampleOf = ({ name, key, period }: Metric): string => {
  const when = period === 'date' ? '2018-11-15' : '2018-11-15T18:00:00Z';
  return `npx music-etl explain ${[name, ...(key ? [key.toUpperCase()] : []), when].join(' ')}`;
};

const parseMetric = (name: string): Metric => {
  const metric = METRICS.find((known) => known.name === name);
  if (metric) return metric;
  throw new UserError(`${name}: not a metric`, `the metrics are ${METRICS.map((known) => known.name).join(', ')}`);
};

const parseDate = (metric: Metric, text: string): Pick<Kpi, 'period' | 'date'> => {
  if (isDate(text)) return { period: text, date: text };
  throw new UserError(`${text}: not a date`, `give it as YYYY-MM-DD: ${exampleOf(metric)}`);
};

const parseHour = (metric: Metric, text: string): Pick<Kpi, 'period' | 'date'> => {
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
 * Parses `METRIC [DIMENSION] DATE`.
 * @throws UserError for an unknown metric, a missing or surplus dimension, or an impossible date
 */
export const parseKpi = (name: string, rest: readonly string[]): Kpi => {
  const metric = parseMetric(name);
  const wanted = metric.key === null ? 1 : 2;
  if (rest.length !== wanted) {
    const needs = metric.key === null ? 'has no dimension: give a date alone' : `needs a ${metric.key} and a date`;
    throw new UserError(`${name} ${needs}`, `for example ${exampleOf(metric)}`);
  }
  const when = rest[wanted - 1] ?? '';
  const dimension = metric.key === null ? null : (rest[0] ?? '');
  return { metric, dimension, ...(metric.period === 'date' ? parseDate(metric, when) : parseHour(metric, when)) };
};
