import { count, many, reasons, table } from './format.ts';
import type { QuarantinedFile } from './quarantine.ts';
import { addLedgers, EMPTY_LEDGER } from './versions.ts';

export const NOTHING = 'no quarantined rows';

/** Rows of all files by reason. */
export const totals = (files: readonly QuarantinedFile[]): Record<string, number> =>
  addLedgers(files.map(({ by_reason }) => ({ ...EMPTY_LEDGER, quarantined: by_reason }))).quarantined;

/** `quarantine ls` for a person: what there is by reason, then by file. */
export const renderQuarantine = (files: readonly QuarantinedFile[]): string[] => {
  if (files.length === 0) return [NOTHING];
  const total = files.reduce((sum, { rows }) => sum + rows, 0);
  const byReason = Object.entries(totals(files)).sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
  return [
    `${many(total, 'quarantined row')} in ${many(files.length, 'file version')}`,
    '',
    ...table(
      [{ title: 'reason' }, { title: 'rows', right: true }],
      byReason.map(([reason, n]) => [reason, count(n)]),
    ),
    '',
    ...table(
      [
        { title: 'file' },
        { title: 'version', right: true },
        { title: 'state' },
        { title: 'arrived' },
        { title: 'rows', right: true },
        { title: 'reasons', max: 120 },
      ],
      files.map(({ key, version, state, arrived_at, rows, by_reason }) => [
        key,
        String(version),
        state,
        arrived_at.slice(0, 10),
        count(rows),
        reasons(by_reason),
      ]),
    ),
  ];
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

/** One refused row: where and why, and below it the text as it came. */
export const rowLines = (row: {
  row: number | null;
  reason: string;
  detail: string | null;
  raw: string | null;
}): string[] => [
  `  row ${row.row ?? '?'}  ${row.reason}${row.detail ? `  ${harmless(row.detail)}` : ''}`,
  `    ${row.raw === null ? '(no raw text)' : harmless(row.raw)}`,
];
