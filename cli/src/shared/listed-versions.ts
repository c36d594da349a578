import {
  byContent,
  contentVersion,
  currentVersion,
  type FileDocument,
  type FileVersion,
  isVoidReplay,
  versionsOfContent,
} from '@music-etl/contracts';

/** Returns the newest version with the content of `version`, without void replays. */
export const currentValidation = (file: FileDocument, version: FileVersion): FileVersion =>
  versionsOfContent(file, version).findLast((other) => !isVoidReplay(file, other)) ?? version;

/**
 * Lists the versions that an export shows of a file: the current one, and the newest one of newer content that is on
 * hold or rejected. A version on hold that was reprocessed and is on hold again is listed once, by its replay.
 */
export const listedVersions = (file: FileDocument): FileVersion[] => {
  const current = currentVersion(file);
  const currentContent = current ? contentVersion(current) : 0;
  const newer = file.versions.filter(
    (version) =>
      (version.state === 'held' || version.state === 'rejected') &&
      contentVersion(version) > currentContent &&
      !isVoidReplay(file, version),
  );
  return [current, newer.sort(byContent).at(-1)].filter((version) => version != null);
};
