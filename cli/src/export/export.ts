import { METRICS, type Metric } from '@music-etl/contracts';
import { type DateHeader, parseHeader } from '../shared/date-headers.ts';
import { type DateRange, periodsOf } from '../shared/dates.ts';
import { streamFiles } from '../shared/file-documents.ts';
import { listedVersions } from '../shared/listed-versions.ts';
import type { KpiTable, Objects, Screen } from '../shared/ports.ts';
import { readQuarantinedRows } from '../shared/quarantined-rows.ts';
import { fileLine, type Line, metricLine, quarantineLine } from './export-lines.ts';
import type { ExportSink } from './export-sink.ts';

export interface ExportDeps {
  objects: Objects;
  table: KpiTable;
  /** Starts an export. */
  begin(out: string): Promise<ExportSink>;
  screen: Screen;
  metrics?: readonly Metric[];
}

export interface ExportSummary {
  out: string;
  lines: Record<string, number>;
  /** Dates that are being loaded: their lines may be of two generations. */
  incomplete: string[];
}

async function* metricLines(
  table: KpiTable,
  metric: Metric,
  dates: readonly DateHeader[],
  range: DateRange,
): AsyncGenerator<Line> {
  if (metric.key === null) {
    const { from, to } = periodsOf(range, metric.period);
    for await (const item of table.partition(metric.name, from, to)) yield metricLine(metric, item);
    return;
  }
  for (const { date } of dates) {
    for await (const item of table.period(`${date}#${metric.name}`)) yield metricLine(metric, item);
  }
}

async function* dateLines(dates: readonly DateHeader[]): AsyncGenerator<string> {
  for (const { date, ledger } of dates) {
    if (!ledger || ledger.accepted === 0) continue;
    const { accepted, counted, skipped, duplicate } = ledger;
    yield JSON.stringify({ date, accepted, counted, skipped, duplicate });
  }
}

async function* fileLines(objects: Objects): AsyncGenerator<Line> {
  for await (const file of streamFiles(objects)) {
    for (const version of listedVersions(file)) yield fileLine(file, version);
  }
}

async function* quarantineLines(objects: Objects): AsyncGenerator<Line> {
  for await (const file of streamFiles(objects)) {
    for (const { quarantine_key } of listedVersions(file)) {
      if (quarantine_key === null) continue;
      for await (const row of readQuarantinedRows(objects, quarantine_key)) yield quarantineLine(file.key, row);
    }
  }
}

const readHeaders = async (table: KpiTable, range: DateRange): Promise<DateHeader[]> => {
  const { from, to } = periodsOf(range, 'date');
  const headers: DateHeader[] = [];
  for await (const item of table.partition('header', from, to)) headers.push(parseHeader(item));
  return headers;
};

/** Writes the KPIs of the table as JSON lines, and beside them files, dates and quarantined rows. */
export const exportAll = async (deps: ExportDeps, out: string, range: DateRange): Promise<ExportSummary> => {
  const { objects, table, screen, metrics = METRICS } = deps;
  const sink = await deps.begin(out);
  const lines: Record<string, number> = {};
  const write = async (name: string, source: AsyncIterable<string>): Promise<void> => {
    screen.progress(`exporting ${name}`);
    lines[name] = await sink.write(`${name}.jsonl`, source);
  };
  try {
    const dates = await readHeaders(table, range);
    for (const metric of metrics) await write(metric.name, sink.sorted(metricLines(table, metric, dates, range)));
    await write('dates', dateLines(dates));
    await write('files', sink.sorted(fileLines(objects)));
    await write('quarantine', sink.sorted(quarantineLines(objects)));
    await sink.commit();
    return { out, lines, incomplete: dates.filter(({ complete }) => !complete).map(({ date }) => date) };
  } catch (error) {
    await sink.abandon();
    throw error;
  }
};
