import type { FileDocument, FileVersion } from './documents/file.ts';
import { counts } from './file-states.ts';

/**
 * Which version of a file counts. glue-scripts/contracts/current_version.py is the counterpart in Python; the cases in
 * packages/contracts/cases/ hold the two together.
 */
type Versions = Pick<FileDocument, 'versions'>;

/** The reason code of a file on hold that a person rejected. */
export const REJECTED_MANUALLY = 'rejected_manually';

/** Returns which content of its key a version is. */
export const contentVersion = ({ content_version, version }: FileVersion): number => content_version ?? version;

/**
 * Orders versions by their content, then by their number. The number alone is not enough: an erasure reprocesses older
 * content below a correction that is on hold.
 */
export const byContent = (a: FileVersion, b: FileVersion): number =>
  contentVersion(a) - contentVersion(b) || a.version - b.version;

const last = (versions: readonly FileVersion[]): FileVersion | null => [...versions].sort(byContent).at(-1) ?? null;

/** Returns all versions with the content of `version`, oldest first. */
export const versionsOfContent = ({ versions }: Versions, version: FileVersion): FileVersion[] =>
  versions.filter((other) => contentVersion(other) === contentVersion(version));

/** Returns whether a version was on hold until a person rejected it. */
export const wasRejectedManually = ({ state, reason }: FileVersion): boolean =>
  state === 'rejected' && reason?.code === REJECTED_MANUALLY;

/** Returns whether a version is a replay that changed nothing: rejected, or on hold although its content counts. */
export const isVoidReplay = (file: Versions, version: FileVersion): boolean => {
  if (version.replay === null) return false;
  if (version.state === 'rejected') return !wasRejectedManually(version);
  return version.state === 'held' && versionsOfContent(file, version).some(counts);
};

/** Returns the version whose rows count. */
export const currentVersion = ({ versions }: Versions): FileVersion | null => last(versions.filter(counts));

/** Returns the latest version of the latest content, without void replays. */
export const latestVersion = (file: Versions): FileVersion | null =>
  last(file.versions.filter((version) => !isVoidReplay(file, version)));

/** Returns the archive key of the content of `version`, whichever version of that content was archived last. */
export const archivedCopy = (file: Versions, version: FileVersion): string | null =>
  versionsOfContent(file, version).findLast(({ archived_to }) => archived_to !== null)?.archived_to ?? null;
