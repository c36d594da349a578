import { type FileDocument, metricKey, RunDocument, runKey } from '@music-etl/contracts';
import type { Item } from '../shared/aws/item.ts';
import { type LoggedChange, readChanges } from '../shared/change-log.ts';
import { type DateHeader, parseHeader } from '../shared/date-headers.ts';
import { readDocument } from '../shared/documents.ts';
import { UserError } from '../shared/errors.ts';
import { streamFiles } from '../shared/file-documents.ts';
import type { KpiTable, Objects, Screen } from '../shared/ports.ts';
import { type Cause, causeOf } from './cause.ts';
import { type ItemOrigin, itemOrigin } from './item.ts';
import { datesBehind, type Kpi, kpiName } from './kpi.ts';
import { missingDate, missingItem } from './missing.ts';
import { type SourceFile, sourceFiles } from './sources.ts';

export interface ExplainDeps {
  objects: Objects;
  table: KpiTable;
  screen: Screen;
}

/** A change of the item, and why its run was created. */
export type ExplainedChange = LoggedChange & { cause: Cause };

/** Where an item of the table comes from. */
export interface Explanation {
  kpi: Kpi;
  /** null: the item has vanished, but the change log has it. */
  item: Item | null;
  origin: ItemOrigin | null;
  header: DateHeader;
  cause: Cause | null;
  sources: SourceFile[];
  /** Newest first. */
  changes: ExplainedChange[];
}

const firstOf = async <T>(items: AsyncIterable<T>): Promise<T | null> => {
  for await (const item of items) return item;
  return null;
};

/** Reads the header of a date. @throws UserError if the table lacks the date, or the date is being loaded */
const readHeader = async ({ objects, table }: ExplainDeps, date: string): Promise<DateHeader> => {
  const item = await firstOf(table.partition('header', date, date));
  if (item === null) throw await missingDate(objects, date);
  const header = parseHeader(item);
  // During a first load the generation is the loading one already.
  if (header.complete && item.complete?.BOOL !== false) return header;
  throw new UserError(
    `${date} is being loaded: its items may be of two generations`,
    'try again when npx music-etl status shows no run of it',
    1,
  );
};

/** Reads causes of runs, each run's document once. */
const causeReader = (objects: Objects): ((runId: string) => Promise<Cause>) => {
  const known = new Map<string, Promise<Cause>>();
  return (runId) => {
    const cause = known.get(runId) ?? readDocument(objects, runKey(runId), RunDocument).then(causeOf);
    known.set(runId, cause);
    return cause;
  };
};

const isAbout =
  ({ metric, dimension, period }: Kpi) =>
  (change: LoggedChange['change']): boolean =>
    change.metric === metric.name && change.dimension === dimension && change.period === period;

const readSources = async (objects: Objects, kpi: Kpi): Promise<SourceFile[]> => {
  const files: FileDocument[] = [];
  for await (const file of streamFiles(objects)) files.push(file);
  return sourceFiles(datesBehind(kpi), files);
};

/**
 * Explains an item of the table: its run and that run's cause, the files its rows come from, and its earlier values.
 * @throws UserError if there is no such item, or not now
 */
export const explain = async (deps: ExplainDeps, kpi: Kpi): Promise<Explanation> => {
  const { objects, table, screen } = deps;
  screen.progress(`reading ${kpiName(kpi)}`);
  const header = await readHeader(deps, kpi.date);
  const item = await firstOf(table.partition(metricKey(kpi.metric.name, kpi.dimension), kpi.period, kpi.period));
  const readCause = causeReader(objects);
  screen.progress('reading the change log');
  const changes: ExplainedChange[] = [];
  for await (const logged of readChanges(objects, kpi.date, isAbout(kpi))) {
    changes.push({ ...logged, cause: await readCause(logged.head.run_id) });
  }
  if (item === null && changes.length === 0) throw await missingItem(table, kpi);
  const origin = item && itemOrigin(item);
  screen.progress('reading the files');
  const sources = await readSources(objects, kpi);
  screen.progress('');
  return { kpi, item, origin, header, cause: origin && (await readCause(origin.run_id)), sources, changes };
};
