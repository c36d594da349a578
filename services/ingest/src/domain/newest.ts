import { byContent, contentVersion, type FileVersion } from '@music-etl/contracts';

/**
 * The file's newest word: the last judgement of its newest content. A refused replay said nothing, the version it was to
 * judge again goes on; and a replay of older content (an erasure's) is no newer word, though its number is higher.
 */
export const newestWord = (versions: readonly FileVersion[]): FileVersion | undefined =>
  versions
    .filter(({ replay, state }) => replay === null || state !== 'refused')
    .sort(byContent)
    .at(-1);

/**
 * The version whose rows count, or would: the newest word but for content that was refused, since what it was to replace
 * goes on. Where all was refused, the newest of that.
 */
export const wordThatCounts = (versions: readonly FileVersion[]): FileVersion | undefined =>
  newestWord(versions.filter(({ state }) => state !== 'refused')) ?? newestWord(versions);

/** All judgements of the content that a version is of, oldest first. */
export const sameContent = (versions: readonly FileVersion[], version: FileVersion): FileVersion[] =>
  versions.filter((each) => contentVersion(each) === contentVersion(version));

/** Where the archive has the content of a version, since itself or a version it judges again was archived. */
export const archivedCopy = (versions: readonly FileVersion[], version: FileVersion): string | null =>
  sameContent(versions, version).findLast(({ archived_to }) => archived_to !== null)?.archived_to ?? null;
