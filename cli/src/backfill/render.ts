import type { BackfillDocument } from '@music-etl/contracts';
import { count, duration, many } from '../shared/format.ts';
import type { Estimate } from './price.ts';
import { spanWords } from './runs.ts';

/** `$0.04`; what is less than a cent is said so. */
const dollars = (amount: number): string => (amount > 0 && amount < 0.01 ? 'less than $0.01' : `$${amount.toFixed(2)}`);

const itemWords = ({ items, write_units, dynamodb_dollars }: Estimate): string =>
  items === null
    ? 'not known: none of the dates was published before'
    : `${many(items, 'item')} as last published, ${many(write_units, 'write unit')}: ${dollars(dynamodb_dollars)}`;

const fields = (rows: readonly (readonly [string, string])[]): string[] =>
  rows.map(([name, words]) => `${name.padEnd(11)}${words}`);

/** What a backfill would do, for a person. */
export const estimateLines = (estimate: Estimate, { concurrency, reference_version }: BackfillDocument): string[] => {
  const { dates, runs, files, rows, rows_read, glue_runs, glue_dollars, dynamodb_dollars } = estimate;
  return fields([
    ['dates', `${many(dates.length, 'date')} with data, ${spanWords(dates)}`],
    ['snapshot', reference_version],
    ['files', `${many(files, 'file')} with rows on them or on the two days before each`],
    ['rows', `${count(rows)} on these dates; ${count(rows_read)} to read, the two days before each run's included`],
    ['runs', `${count(runs)}, at most ${concurrency} at a time`],
    [
      'Glue runs',
      `${count(glue_runs)} (kpi, load, archive): at least ${dollars(glue_dollars)}, 2 × G.1X for a minute each`,
    ],
    ['DynamoDB', itemWords(estimate)],
    ['in all', `at least ${dollars(glue_dollars + dynamodb_dollars)}`],
  ]);
};

/** What a backfill did, for a person. */
export const summaryLines = (summary: {
  dates: number;
  written: number;
  removed: number;
  changed: number;
  duration_ms: number;
}): string[] => {
  const { dates, written, removed, changed } = summary;
  const numbers =
    changed === 0
      ? 'no published number changed'
      : `${many(changed, 'item')} ${changed === 1 ? 'has' : 'have'} other numbers than before: npx music-etl explain METRIC [DIMENSION] DATE says which and why`;
  return [
    `${many(dates, 'date')} computed again in ${duration(summary.duration_ms)}: ${many(written, 'item')} written, ${count(removed)} removed`,
    numbers,
  ];
};
