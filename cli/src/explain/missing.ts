import { DATES_PREFIX, nameUnder } from '@music-etl/contracts';
import { periodsOf } from '../shared/dates.ts';
import { listKeys } from '../shared/documents.ts';
import { UserError } from '../shared/errors.ts';
import type { KpiTable, Objects } from '../shared/ports.ts';
import { type Kpi, kpiName } from './kpi.ts';

const MOST_NAMED = 5;

/** Returns the last date before and the first date after one that has no data. */
export const nearestDates = (dates: readonly string[], date: string): string[] => {
  const sorted = [...dates].sort();
  const before = sorted.filter((other) => other < date).at(-1);
  const after = sorted.find((other) => other > date);
  return [before, after].filter((found) => found !== undefined);
};

/** Builds the error for a date that the table does not have. */
export const missingDate = async (objects: Pick<Objects, 'list'>, date: string): Promise<UserError> => {
  const dates = (await listKeys(objects, DATES_PREFIX)).map((key) => nameUnder(DATES_PREFIX, key));
  if (dates.includes(date)) {
    return new UserError(`${date} is computed, but not loaded yet`, 'npx music-etl status shows its run', 1);
  }
  const nearest = nearestDates(dates, date);
  const todo = nearest.length > 0 ? `the nearest dates with data: ${nearest.join(', ')}` : 'no date has data yet';
  return new UserError(`there is no data for ${date}`, todo, 1);
};

/** Yields the dimensions, or the hours, of the metric's items on the date. */
async function* namesOnDate(table: KpiTable, { metric, date }: Kpi): AsyncGenerator<string> {
  if (metric.key === null) {
    const { from, to } = periodsOf({ from: date, to: date }, metric.period);
    for await (const item of table.partition(metric.name, from, to)) yield item.period?.S ?? '';
    return;
  }
  for await (const item of table.period(`${date}#${metric.name}`)) yield item[metric.key]?.S ?? '';
}

/** Builds the error for an item that neither the table nor the change log has; it names some that exist. */
export const missingItem = async (table: KpiTable, kpi: Kpi): Promise<UserError> => {
  const known: string[] = [];
  for await (const name of namesOnDate(table, kpi)) {
    known.push(name);
    if (known.length > MOST_NAMED) break;
  }
  const more = known.length > MOST_NAMED ? ', …' : '';
  const todo = known.length > 0 ? `there is ${known.slice(0, MOST_NAMED).join(', ')}${more}` : null;
  return new UserError(`the table has no ${kpiName(kpi)}, and the change log names none`, todo, 1);
};
