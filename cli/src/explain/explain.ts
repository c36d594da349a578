import { DATES_PREFIX, DateDocument, dateKey, type FileDocument, RunDocument, runKey } from '@music-etl/contracts';
import { type DateHeader, parseHeader } from '../shared/date-headers.ts';
import { periodsOf } from '../shared/dates.ts';
import { readDocument } from '../shared/documents.ts';
import { UserError } from '../shared/errors.ts';
import { streamFiles } from '../shared/file-documents.ts';
import type { KpiTable, Objects, Screen } from '../shared/ports.ts';
import { changesOf } from './change-log.ts';
import { type Asked, askedWords, datesBehind, metricKeyOf, nearest } from './number.ts';
import { itemHead } from './number-item.ts';
import { type Cause, causeOf, type Explanation, type LoggedCause, sourcesOf } from './number-sources.ts';

export interface ExplainDeps {
  objects: Objects;
  table: KpiTable;
  screen: Screen;
}

const first = async <T>(items: AsyncIterable<T>): Promise<T | null> => {
  for await (const item of items) return item;
  return null;
};

const publishedDates = async (objects: Objects): Promise<string[]> => {
  const dates: string[] = [];
  for await (const { key } of objects.list(DATES_PREFIX)) dates.push(key.slice(DATES_PREFIX.length, -'.json'.length));
  return dates;
};

/** @throws UserError for a date that the table does not have, or whose items are being loaded */
const completeHeader = async ({ objects, table }: ExplainDeps, date: string): Promise<DateHeader> => {
  const item = await first(table.partition('header', date, date));
  if (item === null) {
    const dates = await publishedDates(objects);
    if (dates.includes(date)) {
      throw new UserError(`${date} is computed, but not loaded yet`, 'npx music-etl status shows where its run is', 1);
    }
    const near = nearest(dates, date);
    const todo = near.length > 0 ? `the nearest dates with data: ${near.join(', ')}` : 'no date has data yet';
    throw new UserError(`there is no data for ${date}`, todo, 1);
  }
  const header = parseHeader(item);
  // A first load has one generation from its beginning on.
  if (header.complete && item.complete?.BOOL !== false) return header;
  throw new UserError(
    `${date} is being loaded: its items may be of two generations`,
    'ask again when npx music-etl status shows no run; it says so if one was given up',
    1,
  );
};

const SHOWN = 5;

/** Some dimensions, or hours, of which the metric has items on the date. */
async function* namesOnDate({ table }: ExplainDeps, { metric, date }: Asked): AsyncGenerator<string> {
  if (metric.key === null) {
    const { from, to } = periodsOf({ from: date, to: date }, metric.period);
    for await (const item of table.partition(metric.name, from, to)) yield item.period?.S ?? '';
    return;
  }
  for await (const item of table.period(`${date}#${metric.name}`)) yield item[metric.key]?.S ?? '';
}

/** @throws UserError naming what there is instead */
const noSuchItem = async (deps: ExplainDeps, asked: Asked): Promise<never> => {
  const known: string[] = [];
  for await (const name of namesOnDate(deps, asked)) {
    known.push(name);
    if (known.length > SHOWN) break;
  }
  const more = known.length > SHOWN ? ', …' : '';
  const todo = known.length > 0 ? `there is ${known.slice(0, SHOWN).join(', ')}${more}` : null;
  throw new UserError(`the table has no ${askedWords(asked)}, and never had, as far as the change log tells`, todo, 1);
};

const allFiles = async (objects: Objects): Promise<FileDocument[]> => {
  const files: FileDocument[] = [];
  for await (const file of streamFiles(objects)) files.push(file);
  return files;
};

const isAbout =
  ({ metric, dimension, period }: Asked) =>
  (change: { metric: string; dimension: string | null; period: string }): boolean =>
    change.metric === metric.name && change.dimension === dimension && change.period === period;

const changesWithCauses = async (deps: ExplainDeps, asked: Asked, causes: Causes): Promise<LoggedCause[]> => {
  const found: LoggedCause[] = [];
  for await (const logged of changesOf(deps.objects, asked.date, isAbout(asked))) {
    found.push({ ...logged, cause: await causes(logged.head.run_id) });
  }
  return found;
};

type Causes = (runId: string) => Promise<Cause>;

/** Reads each run's document once. */
const causesOf = (objects: Objects): Causes => {
  const known = new Map<string, Promise<Cause>>();
  return (runId) => {
    const cause = known.get(runId) ?? readDocument(objects, runKey(runId), RunDocument).then(causeOf);
    known.set(runId, cause);
    return cause;
  };
};

/**
 * Walks back from a number of the table: to its run and why that was, to the files its rows came from, to what it was
 * before.
 * @throws UserError where there is no such number, or not now
 */
export const explainNumber = async (deps: ExplainDeps, asked: Asked): Promise<Explanation> => {
  const { objects, table, screen } = deps;
  screen.progress(`looking up ${askedWords(asked)}`);
  const header = await completeHeader(deps, asked.date);
  const key = metricKeyOf(asked.metric.name, asked.dimension);
  const item = await first(table.partition(key, asked.period, asked.period));
  const causes = causesOf(objects);
  screen.progress('reading the change log');
  const changes = await changesWithCauses(deps, asked, causes);
  if (item === null && changes.length === 0) return noSuchItem(deps, asked);
  const head = item === null ? null : itemHead(item);
  screen.progress('looking for the files behind it');
  const dates = datesBehind(asked);
  const documents = await Promise.all(dates.map((date) => readDocument(objects, dateKey(date), DateDocument)));
  const sources = sourcesOf(
    dates,
    documents.filter((document) => document !== null),
    await allFiles(objects),
  );
  screen.progress('');
  return { asked, item, head, header, cause: head && (await causes(head.run_id)), sources, changes };
};
