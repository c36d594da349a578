import { BACKFILL_STAGES, type BackfillDocument } from '@music-etl/contracts';
import { count, duration, many } from '../shared/format.ts';
import { spanWords } from './dates.ts';
import type { BackfillSummary } from './drive.ts';
import type { BackfillPlan } from './plan.ts';
import type { Estimate } from './price.ts';

/** `$0.04`, `less than $0.01` */
const dollars = (amount: number): string => (amount > 0 && amount < 0.01 ? 'less than $0.01' : `$${amount.toFixed(2)}`);

const itemWords = ({ items, write_units, dynamodb_dollars }: Estimate): string =>
  items === null
    ? 'not known: none of the dates was published before'
    : `${many(items, 'item')} as last published, ${many(write_units, 'write unit')}: ${dollars(dynamodb_dollars)}`;

/** Renders what a backfill will read, start and cost. */
export const estimateLines = (estimate: Estimate, { concurrency, reference_version }: BackfillDocument): string[] => {
  const { dates, runs, files, rows, rows_read, glue_runs, glue_dollars, dynamodb_dollars } = estimate;
  const jobs = `at least ${dollars(glue_dollars)}, 2 × G.1X for a minute each`;
  const fields: [string, string][] = [
    ['dates', `${many(dates.length, 'date')} with data, ${spanWords(dates)}`],
    ['snapshot', reference_version],
    ['files', `${many(files, 'file')} with rows on these dates or the two before`],
    ['rows', `${count(rows)} on these dates; ${count(rows_read)} to read, with the two dates before each run's`],
    ['runs', `${count(runs)}, at most ${concurrency} at a time`],
    ['Glue runs', `${count(glue_runs)} (${BACKFILL_STAGES.join(', ')}): ${jobs}`],
    ['DynamoDB', itemWords(estimate)],
    ['in all', `at least ${dollars(glue_dollars + dynamodb_dollars)}`],
  ];
  return fields.map(([name, words]) => `${name.padEnd(11)}${words}`);
};

/** Renders a plan: other backfills of its dates, the one that it resumes, and the estimate. */
export const planLines = ({ document, resumed, others, estimate }: BackfillPlan): string[] => {
  const { backfill_id, created_at, requested_by, why } = document;
  const start = `${created_at.slice(0, 16)}Z by ${requested_by}: ${why}`;
  return [
    ...others.map(
      (other) =>
        `backfill ${other.backfill_id} (${other.from} … ${other.to}) is unfinished and has some of the same dates: ` +
        'the run that starts last counts',
    ),
    ...(resumed ? [`resumes backfill ${backfill_id}, started ${start}`] : []),
    ...estimateLines(estimate, document),
  ];
};

/** Renders what a backfill did. */
export const summaryLines = ({ dates, written, removed, changed, duration_ms }: BackfillSummary): string[] => {
  const counts = `${many(written, 'item')} written, ${count(removed)} removed`;
  const explain = 'npx music-etl explain METRIC [DIMENSION] DATE shows which and why';
  return [
    `${many(dates, 'date')} recomputed in ${duration(duration_ms)}: ${counts}`,
    changed === 0 ? 'no published value changed' : `the values of ${many(changed, 'item')} changed: ${explain}`,
  ];
};
