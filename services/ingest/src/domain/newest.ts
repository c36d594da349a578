import { byContent, contentVersion, type FileVersion } from '@music-etl/contracts';

/**
 * The file's newest word: the last validation of its newest content. A rejected replay said nothing, the version it was to
 * reprocess goes on; and a replay of older content (an erasure's) is no newer word, though its number is higher.
 */
export const newestWord = (versions: readonly FileVersion[]): FileVersion | undefined =>
  versions
    .filter(({ replay, state }) => replay === null || state !== 'rejected')
    .sort(byContent)
    .at(-1);

/**
 * The version whose rows count, or would: the newest word but for content that was rejected, since what it was to replace
 * goes on. Where all was rejected, the newest of that.
 */
export const wordThatCounts = (versions: readonly FileVersion[]): FileVersion | undefined =>
  newestWord(versions.filter(({ state }) => state !== 'rejected')) ?? newestWord(versions);

/** All validations of the content that a version is of, oldest first. */
export const sameContent = (versions: readonly FileVersion[], version: FileVersion): FileVersion[] =>
  versions.filter((each) => contentVersion(each) === contentVersion(version));

/** Where the archive has the content of a version, since itself or a version it reprocesses was archived. */
export const archivedCopy = (versions: readonly FileVersion[], version: FileVersion): string | null =>
  sameContent(versions, version).findLast(({ archived_to }) => archived_to !== null)?.archived_to ?? null;
