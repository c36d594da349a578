import { contentVersion, type FileVersion } from '@music-etl/contracts';

/**
 * The file's newest word: what arrived or was judged last. A refused replay said nothing; the version it was to judge
 * again goes on.
 */
export const newestWord = (versions: readonly FileVersion[]): FileVersion | undefined =>
  versions.findLast(({ replay, state }) => replay === null || state !== 'refused');

/** All judgements of the content that a version is of, oldest first. */
export const sameContent = (versions: readonly FileVersion[], version: FileVersion): FileVersion[] =>
  versions.filter((each) => contentVersion(each) === contentVersion(version));

/** Where the archive has the content of a version, since itself or a version it judges again was archived. */
export const archivedCopy = (versions: readonly FileVersion[], version: FileVersion): string | null =>
  sameContent(versions, version).findLast(({ archived_to }) => archived_to !== null)?.archived_to ?? null;
