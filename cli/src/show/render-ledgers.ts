import { countQuarantined } from '@music-etl/contracts';
import { count, fold, reasons, WIDTH, wrap } from '../shared/format.ts';
import { addLedgers, dateLedgerWords, dateTotals, fileLedgerWords } from '../shared/ledgers.ts';
import { listedVersions } from '../shared/listed-versions.ts';
import type { Snapshot } from '../shared/pipeline/snapshot.ts';

/** Renders where every row went: the ledgers of all files and of all dates. */
export const renderLedgers = (snapshot: Snapshot): string[] => {
  const versions = snapshot.files.flatMap(listedVersions);
  const rows = addLedgers(versions.flatMap(({ ledger }) => ledger ?? []));
  const dates = dateTotals(snapshot.dates);
  return [
    '',
    'Where every row went',
    ...fold(`${count(versions.length)} files: ${fileLedgerWords(rows)}`, 2),
    ...fold(`${count(dates.total)} dates: ${dateLedgerWords(dates)}`, 2),
    ...(countQuarantined(rows) > 0
      ? ['  quarantined, and why:', ...wrap(reasons(rows.quarantined), WIDTH - 4).map((text) => `    ${text}`)]
      : []),
  ];
};
