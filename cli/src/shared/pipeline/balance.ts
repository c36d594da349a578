import {
  contentVersion,
  countQuarantined,
  currentVersion,
  type DateDocument,
  dateBalances,
  type FileDocument,
  fileBalances,
} from '@music-etl/contracts';
import { listedVersions } from '../listed-versions.ts';

const unbalancedFiles = (files: readonly FileDocument[]): string[] =>
  files.flatMap((file) =>
    listedVersions(file).flatMap((version) => {
      const { ledger } = version;
      return !ledger || fileBalances(ledger)
        ? []
        : [
            `${file.key} version ${contentVersion(version)}: read ${ledger.read}, but accepted ${ledger.accepted} + ` +
              `quarantined ${countQuarantined(ledger)} + duplicate ${ledger.duplicate}`,
          ];
    }),
  );

const unbalancedDates = (dates: readonly DateDocument[]): string[] =>
  dates.flatMap(({ date, ledger }) =>
    dateBalances(ledger)
      ? []
      : [
          `${date}: accepted ${ledger.accepted}, but counted ${ledger.counted} + skipped ${ledger.skipped} + ` +
            `duplicate ${ledger.duplicate}`,
        ],
  );

/** Finds dates whose KPIs were computed from more or fewer rows than their files have. */
const datesMissingRows = (files: readonly FileDocument[], dates: readonly DateDocument[]): string[] => {
  const expected = new Map<string, number>();
  for (const file of files) {
    for (const [date, rows] of Object.entries(currentVersion(file)?.dates ?? {})) {
      expected.set(date, (expected.get(date) ?? 0) + rows);
    }
  }
  const published = new Map(dates.map(({ date, ledger }) => [date, ledger.accepted]));
  return [...expected].flatMap(([date, rows]) => {
    const accepted = published.get(date) ?? 0;
    return accepted === rows ? [] : [`${date}: files hold ${rows} accepted rows, its KPIs are of ${accepted}`];
  });
};

/** Describes every ledger that does not balance. Only a quiet pipeline has to balance. */
export const imbalances = (files: readonly FileDocument[], dates: readonly DateDocument[]): string[] => [
  ...unbalancedFiles(files),
  ...unbalancedDates(dates),
  ...datesMissingRows(files, dates),
];
