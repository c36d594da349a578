import type { FileDocument, FileLedger, FileVersion } from '@music-etl/contracts';

const byNumber = (a: FileVersion, b: FileVersion): number => a.version - b.version;
const last = (versions: FileVersion[]): FileVersion | null => versions.sort(byNumber).at(-1) ?? null;

export const newestVersion = (file: FileDocument): FileVersion | null => last([...file.versions]);

/** The version whose rows count: the highest that is validated or archived. */
export const standingVersion = (file: FileDocument): FileVersion | null =>
  last(file.versions.filter(({ state }) => state === 'validated' || state === 'archived'));

/** What an export lists of a file: its standing version, and the newest held or refused one above it. */
export const listedVersions = (file: FileDocument): FileVersion[] => {
  const standing = standingVersion(file);
  const above = file.versions.filter(
    ({ state, version }) => (state === 'held' || state === 'refused') && version > (standing?.version ?? 0),
  );
  return [standing, last(above)].filter((version) => version !== null);
};

export const EMPTY_LEDGER: FileLedger = { read: 0, accepted: 0, quarantined: {}, duplicate: 0 };

export const quarantinedRows = (ledger: FileLedger): number =>
  Object.values(ledger.quarantined).reduce((sum, rows) => sum + rows, 0);

/** read = accepted + quarantined + duplicate. */
export const fileBalances = (ledger: FileLedger): boolean =>
  ledger.read === ledger.accepted + quarantinedRows(ledger) + ledger.duplicate;

export const addLedgers = (ledgers: Iterable<FileLedger>): FileLedger => {
  const sum: FileLedger = { read: 0, accepted: 0, quarantined: {}, duplicate: 0 };
  for (const ledger of ledgers) {
    sum.read += ledger.read;
    sum.accepted += ledger.accepted;
    sum.duplicate += ledger.duplicate;
    for (const [reason, rows] of Object.entries(ledger.quarantined)) {
      sum.quarantined[reason] = (sum.quarantined[reason] ?? 0) + rows;
    }
  }
  return sum;
};
