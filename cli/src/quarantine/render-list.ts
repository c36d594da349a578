import { count, many, reasons, table } from '../shared/format.ts';
import { holdCommands } from '../shared/hold-commands.ts';
import { addLedgers, EMPTY_LEDGER } from '../shared/ledgers.ts';
import type { QuarantinedVersion } from './quarantined-version.ts';
import { replayWords } from './render-rows.ts';

/** Sums the rows of all versions by reason. */
export const totalsByReason = (versions: readonly QuarantinedVersion[]): Record<string, number> =>
  addLedgers(versions.map(({ by_reason }) => ({ ...EMPTY_LEDGER, quarantined: by_reason }))).quarantined;

/** Sums the rows of all versions. */
export const totalRows = (versions: readonly QuarantinedVersion[]): number =>
  versions.reduce((sum, { rows }) => sum + rows, 0);

const COLUMNS = [
  { title: 'file' },
  { title: 'version', right: true },
  { title: 'arrived' },
  { title: 'rows', right: true },
  { title: 'reasons', max: 120 },
];

const fileTable = (versions: readonly QuarantinedVersion[]): string[] => {
  const hasReplays = versions.some(({ replay }) => replay !== null);
  return table(
    [...COLUMNS, ...(hasReplays ? [{ title: 'reprocessed', max: 80 }] : [])],
    versions.map(({ key, version, replay, arrived_at, rows, by_reason }) => [
      key,
      String(version),
      arrived_at.slice(0, 10),
      count(rows),
      reasons(by_reason),
      replay ? replayWords(replay) : '',
    ]),
  );
};

const reasonTable = (versions: readonly QuarantinedVersion[]): string[] =>
  table(
    [{ title: 'reason' }, { title: 'rows', right: true }],
    Object.entries(totalsByReason(versions))
      .sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))
      .map(([reason, n]) => [reason, count(n)]),
  );

const currentLines = (versions: readonly QuarantinedVersion[]): string[] =>
  versions.length === 0
    ? []
    : [
        `${many(totalRows(versions), 'quarantined row')} in ${many(versions.length, 'file')} whose other rows count`,
        '',
        ...reasonTable(versions),
        '',
        ...fileTable(versions),
        '',
        'after a fix of the rules, or to patch rows: npx music-etl quarantine replay --help',
      ];

/** Up to so many files get all their commands; for more, the commands are shown once. */
const WITH_COMMANDS = 3;

const heldLines = (versions: readonly QuarantinedVersion[]): string[] => {
  if (versions.length === 0) return [];
  const keys = versions.length <= WITH_COMMANDS ? versions.map(({ key }) => key) : ['KEY'];
  return [
    `${many(versions.length, 'file')} on hold: too many rows were quarantined, so no row counts until you decide`,
    '',
    ...fileTable(versions),
    '',
    ...keys.flatMap(holdCommands).map((command) => `  ${command}`),
    '  or correct the file and put it again under the same name',
  ];
};

/** Renders `quarantine ls`: current versions by reason and by file, then the files on hold. */
export const listLines = (versions: readonly QuarantinedVersion[]): string[] => {
  if (versions.length === 0) return ['no quarantined rows'];
  const isHeld = ({ state }: QuarantinedVersion): boolean => state === 'held';
  const parts = [currentLines(versions.filter((version) => !isHeld(version))), heldLines(versions.filter(isHeld))];
  return parts.filter((part) => part.length > 0).flatMap((part, i) => (i > 0 ? ['', ...part] : part));
};
