import type { DateRange } from '../shared/dates.ts';
import type { Screen } from '../shared/ports.ts';
import type { Reached } from '../shared/reach.ts';
import { type ExportSummary, exportAll } from './export.ts';
import { ExportDirectory } from './export-directory.ts';

/** Exports a target to a directory on disk; without a range, all its dates. */
export const exportTo = (
  { objects, table }: Pick<Reached, 'objects' | 'table'>,
  screen: Screen,
  out: string,
  range: DateRange = { from: null, to: null },
): Promise<ExportSummary> =>
  exportAll({ objects, table, screen, begin: (path) => ExportDirectory.begin(path) }, out, range);
