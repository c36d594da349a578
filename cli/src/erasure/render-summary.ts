import { count, duration, many, wrap } from '../shared/format.ts';
import { objectWords } from './render-found.ts';
import type { ErasureSummary } from './summary.ts';

const WIDTH = 89;
const LABEL_WIDTH = 9;

/** Renders a labelled list; further lines are indented below the first. */
const labelled = (label: string, head: string, list: string): string[] =>
  wrap(list, WIDTH).map((text, i) =>
    i === 0 ? `  ${label.padEnd(LABEL_WIDTH)}${head}${text}` : `  ${' '.repeat(LABEL_WIDTH)}${text}`,
  );

/** Renders what an erasure did, and what is left to the owner. */
export const summaryLines = (summary: ErasureSummary): string[] => {
  const { files, rows, dates, items_removed, objects, duration_ms, left } = summary;
  const replays = files.filter(({ reprocessed }) => reprocessed).length;
  return [
    `erased in ${duration(duration_ms)}: no listen of the user is left in bucket and table`,
    `  files    ${many(files.length, 'file')} rewritten without ${many(rows, 'row')}, ${count(replays)} reprocessed`,
    ...labelled(
      'dates',
      dates.length > 0 ? `${many(dates.length, 'date')} recomputed: ` : '',
      dates.join(', ') || 'none',
    ),
    `  items    ${count(items_removed)} removed from the table`,
    ...labelled('objects', 'versions deleted for good: ', objectWords(objects) || 'none'),
    'left to you',
    ...left.map((text) => `  - ${text}`),
  ];
};
