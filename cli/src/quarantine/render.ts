import { count, many, reasons, table } from '../shared/format.ts';
import { addLedgers, EMPTY_LEDGER } from '../shared/versions.ts';
import { heldCommands } from './held.ts';
import type { QuarantinedFile } from './quarantine.ts';

export const NOTHING = 'no quarantined rows';

/** Rows of all files by reason. */
export const totals = (files: readonly QuarantinedFile[]): Record<string, number> =>
  addLedgers(files.map(({ by_reason }) => ({ ...EMPTY_LEDGER, quarantined: by_reason }))).quarantined;

const total = (files: readonly QuarantinedFile[]): number => files.reduce((sum, { rows }) => sum + rows, 0);

/** When a file's rows were reprocessed, and why; nothing for those of the first validation. */
const againWords = ({ reprocessed }: QuarantinedFile): string =>
  reprocessed ? `${reprocessed.requested_at.slice(0, 10)}: ${harmless(reprocessed.why)}` : '';

/** The line above a file's rows. */
export const fileHeading = (file: QuarantinedFile): string =>
  `${file.key} version ${file.version}, ${file.state}${file.reprocessed ? `, reprocessed ${againWords(file)}` : ''}`;

const COLUMNS = [
  { title: 'file' },
  { title: 'version', right: true },
  { title: 'arrived' },
  { title: 'rows', right: true },
  { title: 'reasons', max: 120 },
];

const fileTable = (files: readonly QuarantinedFile[]): string[] => {
  const isAgain = files.some(({ reprocessed }) => reprocessed !== null);
  return table(
    [...COLUMNS, ...(isAgain ? [{ title: 'reprocessed', max: 80 }] : [])],
    files.map((file) => [
      file.key,
      String(file.version),
      file.arrived_at.slice(0, 10),
      count(file.rows),
      reasons(file.by_reason),
      againWords(file),
    ]),
  );
};

const byReason = (files: readonly QuarantinedFile[]): string[] =>
  table(
    [{ title: 'reason' }, { title: 'rows', right: true }],
    Object.entries(totals(files))
      .sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))
      .map(([reason, n]) => [reason, count(n)]),
  );

const countingLines = (files: readonly QuarantinedFile[]): string[] =>
  files.length === 0
    ? []
    : [
        `${many(total(files), 'quarantined row')} in ${many(files.length, 'file')} whose other rows count`,
        '',
        ...byReason(files),
        '',
        ...fileTable(files),
        '',
        'once rules or rows are patched: npx music-etl quarantine replay, see its --help',
      ];

/** Files named with all their commands; of more than that, the commands once are enough. */
const EXPLAINED = 3;

const heldLines = (files: readonly QuarantinedFile[]): string[] => {
  if (files.length === 0) return [];
  const explained = files.length <= EXPLAINED ? files.map(({ key }) => heldCommands(key)) : [heldCommands('KEY')];
  return [
    `${many(files.length, 'held file')}: too many rows were quarantined, so none counts until somebody decides`,
    '',
    ...fileTable(files),
    '',
    ...explained.flat().map((command) => `  ${command}`),
    '  or correct the file and put it again under the same name',
  ];
};

/** `quarantine ls` for a person: what there is by reason, then by file; held files, which wait for a word, apart. */
export const renderQuarantine = (files: readonly QuarantinedFile[]): string[] => {
  if (files.length === 0) return [NOTHING];
  const isHeld = ({ state }: QuarantinedFile): boolean => state === 'held';
  const parts = [countingLines(files.filter((file) => !isHeld(file))), heldLines(files.filter(isHeld))];
  return parts.filter((part) => part.length > 0).flatMap((part, i) => (i > 0 ? ['', ...part] : part));
};

const LONGEST_RAW = 500;
/** What acts on a terminal, or turns the direction of its text. */
const ACTING = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;
const spelled = (char: string): string => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** Text of a file as a terminal may be given it. */
export const harmless = (text: string): string => {
  const cut = text.length > LONGEST_RAW ? `${text.slice(0, LONGEST_RAW)}… (of ${count(text.length)} characters)` : text;
  return cut.replace(ACTING, spelled);
};

/** One quarantined row: where and why, and below it the text as it came. */
export const rowLines = (row: {
  row: number | null;
  reason: string;
  detail: string | null;
  raw: string | null;
}): string[] => [
  `  row ${row.row ?? '?'}  ${row.reason}${row.detail ? `  ${harmless(row.detail)}` : ''}`,
  `    ${row.raw === null ? '(no raw text)' : harmless(row.raw)}`,
];
