import { byContent, contentVersion, type FileDocument, type FileLedger, type FileVersion } from '@music-etl/contracts';

const byNumber = (a: FileVersion, b: FileVersion): number => a.version - b.version;
const last = (versions: FileVersion[]): FileVersion | null => versions.sort(byNumber).at(-1) ?? null;

const newest = (versions: FileVersion[]): FileVersion | null => versions.sort(byContent).at(-1) ?? null;

/** A version that was held until a person rejected it: it needs nobody any more. */
export const wasRejectedManually = ({ state, reason }: FileVersion): boolean =>
  state === 'rejected' && reason?.code === 'rejected_manually';

/**
 * A replay that changed nothing: it could not be read, or would have been held where what it reprocessed stands. The
 * version that it reprocessed goes on to count.
 */
export const cameToNothing = (file: FileDocument, version: FileVersion): boolean => {
  const { state, replay } = version;
  if (replay === null) return false;
  if (state === 'rejected') return !wasRejectedManually(version);
  const validated = file.versions.find(({ version }) => version === replay.of);
  return state === 'held' && (validated?.state === 'validated' || validated?.state === 'archived');
};

/** The last that happened to a file, replays that came to nothing too. */
export const latestVersion = (file: FileDocument): FileVersion | null => last([...file.versions]);

/** The file's newest word: the newest validation of its newest content, but for replays that came to nothing. */
export const newestVersion = (file: FileDocument): FileVersion | null =>
  newest(file.versions.filter((version) => !cameToNothing(file, version)));

/**
 * The version that a word of a person is about: the newest, but for content that was rejected, since what it was to
 * replace goes on. Where all was rejected, the newest of that. Ingest decides by the same.
 */
export const versionInForce = (file: FileDocument): FileVersion | null =>
  newestVersion({ ...file, versions: file.versions.filter(({ state }) => state !== 'rejected') }) ??
  newestVersion(file);

/** The version whose rows count: the highest that is validated or archived. */
export const currentVersion = (file: FileDocument): FileVersion | null =>
  last(file.versions.filter(({ state }) => state === 'validated' || state === 'archived'));

/**
 * What an export lists of a file: its standing version, and the newest held or rejected one of newer content. A held
 * version that was reprocessed and is held again is listed once, by its replay.
 */
export const listedVersions = (file: FileDocument): FileVersion[] => {
  const standing = currentVersion(file);
  const above = file.versions.filter(
    (version) =>
      (version.state === 'held' || version.state === 'rejected') &&
      contentVersion(version) > (standing ? contentVersion(standing) : 0) &&
      !cameToNothing(file, version),
  );
  return [standing, newest(above)].filter((version) => version !== null);
};

/** All validations of one content of a file, the first arrival before its replays. */
export const validationsOf = (file: FileDocument, version: FileVersion): FileVersion[] =>
  file.versions.filter((other) => contentVersion(other) === contentVersion(version)).sort(byNumber);

/** How a content of a file stands: its newest validation that did not come to nothing. */
export const currentValidation = (file: FileDocument, version: FileVersion): FileVersion =>
  last(validationsOf(file, version).filter((other) => !cameToNothing(file, other))) ?? version;

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
