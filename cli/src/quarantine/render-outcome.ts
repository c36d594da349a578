import { contentVersion, countQuarantined, counts, type FileLedger, type FileVersion } from '@music-etl/contracts';
import { count, many, reasons } from '../shared/format.ts';
import { EMPTY_LEDGER } from '../shared/ledgers.ts';
import { sentence } from '../shared/pipeline/attention.ts';
import type { RequestResult } from './request-outcome.ts';

const ledgerOf = ({ ledger }: FileVersion): FileLedger => ledger ?? EMPTY_LEDGER;

/** Returns how many rows of a version count; those of a version on hold do not. */
const countingRows = (version: FileVersion): number => (counts(version) ? ledgerOf(version).accepted : 0);

/** `1 row counts`, `3 rows count`, `3 more rows count` */
const rowsCount = (n: number, compared = ''): string =>
  `${n === 0 && compared ? 'no' : count(n)}${compared} ${n === 1 ? 'row counts' : 'rows count'}`;

const stillQuarantined = (version: FileVersion): string => {
  const { quarantined } = ledgerOf(version);
  const rows = countQuarantined(ledgerOf(version));
  return rows === 0 ? 'no row is quarantined now' : `${count(rows)} still quarantined (${reasons(quarantined)})`;
};

/** Compares a replay with the version whose rows counted before. */
const changeWords = (before: FileVersion, after: FileVersion): string => {
  const [was, is] = [countingRows(before), countingRows(after)];
  const duplicates = ledgerOf(after).duplicate - ledgerOf(before).duplicate;
  return [
    `${rowsCount(Math.abs(is - was), is < was ? ' fewer' : ' more')} (${count(was)} → ${count(is)})`,
    ...(duplicates > 0 ? [`${many(duplicates, 'row')} ${duplicates === 1 ? 'is a duplicate' : 'are duplicates'}`] : []),
    stillQuarantined(after),
  ].join(', ');
};

const reasonOf = ({ reason }: FileVersion): string => reason?.detail || reason?.code || 'no reason was recorded';

const doneWords = ({ request, before }: RequestResult, after: FileVersion): string => {
  switch (after.state) {
    case 'archived':
      return before.state === 'held'
        ? `released: ${rowsCount(countingRows(after))} now, ${stillQuarantined(after)}`
        : changeWords(before, after);
    case 'held':
      return (
        `still on hold: ${sentence(reasonOf(after))} ` +
        'Release it with quarantine release, or correct it and put it again'
      );
    case 'rejected':
      return request.action === 'reject'
        ? 'rejected: none of its rows count'
        : `not reprocessed, nothing has changed: ${reasonOf(after)}`;
    default:
      return `${after.state}: a newer version came first`;
  }
};

const outcomeWords = (result: RequestResult): string => {
  const { outcome } = result;
  switch (outcome.kind) {
    case 'done':
      return doneWords(result, outcome.version);
    case 'dead':
      return `its run failed at ${outcome.stage.stage}; npx music-etl status says why and what to do`;
    case 'no_effect':
      return (
        'nothing has changed: ' +
        (outcome.why ?? 'the file is not as it was; look again with npx music-etl quarantine ls')
      );
    case 'open':
      return 'not finished; npx music-etl status --watch shows its progress';
  }
};

/** Renders the outcome of one request as a line. */
export const outcomeLine = (result: RequestResult): string =>
  `${result.request.key} version ${contentVersion(result.before)}: ${outcomeWords(result)}`;

/** Returns true if a request did what it was for. A replay that is put on hold again has been validated. */
export const succeeded = ({ request, outcome }: RequestResult): boolean => {
  if (outcome.kind !== 'done') return false;
  const { state } = outcome.version;
  if (request.action === 'reject') return state === 'rejected';
  return state === 'archived' || (request.action === 'replay' && (state === 'held' || state === 'superseded'));
};

/** Sums up several requests in a line. */
export const totalLine = (results: readonly RequestResult[]): string => {
  const gained = results.reduce(
    (sum, { before, outcome }) =>
      outcome.kind === 'done' && outcome.version.state === 'archived'
        ? sum + countingRows(outcome.version) - countingRows(before)
        : sum,
    0,
  );
  const done = results.filter(succeeded).length;
  const sign = gained >= 0 ? '+' : '-';
  return `${done} of ${many(results.length, 'file')} done; rows that count: ${sign}${count(Math.abs(gained))}`;
};
