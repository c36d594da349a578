import { latestVersion } from './current-version.ts';
import type { FileDocument, FileVersion } from './documents/file.ts';

/**
 * Returns the version that a request is about: the latest one whose content was not rejected, because what that was to
 * replace goes on to count. If all content was rejected, the latest version. Only ingest and the tool carry out
 * requests, so Python has no counterpart.
 */
export const latestUsableVersion = (file: Pick<FileDocument, 'versions'>): FileVersion | null =>
  latestVersion({ versions: file.versions.filter(({ state }) => state !== 'rejected') }) ?? latestVersion(file);
