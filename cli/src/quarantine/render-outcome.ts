import { contentVersion, type FileLedger, type FileVersion } from '@music-etl/contracts';
import { count, many, reasons } from '../shared/format.ts';
import { EMPTY_LEDGER, quarantinedRows } from '../shared/versions.ts';
import { sentence } from '../status/explain-file.ts';
import type { Asked, AskedEnd } from './outcome.ts';

const ledgerOf = ({ ledger }: FileVersion): FileLedger => ledger ?? EMPTY_LEDGER;

/** Rows that count: those of a held version do not. */
const counting = (version: FileVersion): number =>
  version.state === 'archived' || version.state === 'validated' ? ledgerOf(version).accepted : 0;

const stillRejected = (version: FileVersion): string => {
  const { quarantined } = ledgerOf(version);
  const rows = quarantinedRows(ledgerOf(version));
  return rows === 0 ? 'none is rejected any more' : `${count(rows)} still rejected (${reasons(quarantined)})`;
};

/** What reprocessing made of rows that had stood before. */
const changeWords = (before: FileVersion, after: FileVersion): string => {
  const [was, is] = [counting(before), counting(after)];
  const copies = ledgerOf(after).duplicate - ledgerOf(before).duplicate;
  const counts = `(${count(was)} → ${count(is)})`;
  const more =
    is === was
      ? `no row more counts ${counts}`
      : `${many(Math.abs(is - was), 'row')} ${is > was ? 'more count' : 'fewer count'} ${counts}`;
  return [more, ...(copies > 0 ? [`${many(copies, 'row')} turned out to be copies`] : []), stillRejected(after)].join(
    ', ',
  );
};

const reasonOf = ({ reason }: FileVersion): string =>
  (reason?.detail || reason?.code || 'no reason given').replace(/; see quarantine\/\S+$/, '');

const doneWords = ({ request, before }: Asked, after: FileVersion): string => {
  switch (after.state) {
    case 'archived':
      return before.state === 'held'
        ? `held no more: ${many(counting(after), 'row')} count now, ${stillRejected(after)}`
        : changeWords(before, after);
    case 'held':
      return `still held: ${sentence(reasonOf(after))} Let it count with quarantine release, or correct it and put it again`;
    case 'rejected':
      return request.action === 'reject'
        ? 'rejected: none of its rows count'
        : `could not be reprocessed, so nothing has changed: ${reasonOf(after)}`;
    default:
      return `${after.state}: a newer version of it came first`;
  }
};

const endWords = (asked: Asked, end: AskedEnd): string => {
  switch (end.kind) {
    case 'done':
      return doneWords(asked, end.version);
    case 'dead':
      return `its run gave up at ${end.stage.stage}; npx music-etl status says why and what to do`;
    case 'lost':
      return `nothing was done: ${end.why ?? 'the file has changed meanwhile; look again with npx music-etl quarantine ls'}`;
    case 'open':
      return 'has not come to rest; npx music-etl status shows how it goes on';
  }
};

/** What became of one request, in a line. */
export const askedLine = (asked: Asked, end: AskedEnd): string =>
  `${asked.request.key} version ${contentVersion(asked.before)}: ${endWords(asked, end)}`;

/** Whether a request led where it was to lead. A file that is reprocessed and held again has been validated. */
export const isGood = ({ request }: Asked, end: AskedEnd): boolean => {
  if (end.kind !== 'done') return false;
  const { state } = end.version;
  if (request.action === 'reject') return state === 'rejected';
  return state === 'archived' || (request.action === 'replay' && (state === 'held' || state === 'superseded'));
};

/** All of several requests in a line. */
export const totalLine = (asked: readonly Asked[], ends: readonly AskedEnd[]): string => {
  const gained = asked.reduce((sum, { before }, i) => {
    const end = ends[i];
    return end?.kind === 'done' && end.version.state === 'archived'
      ? sum + counting(end.version) - counting(before)
      : sum;
  }, 0);
  const good = asked.filter((each, i) => isGood(each, ends[i] ?? { kind: 'open' })).length;
  return `${good} of ${many(asked.length, 'file')} done; rows that count: ${gained >= 0 ? '+' : '-'}${count(Math.abs(gained))}`;
};
