import type { FileVersion } from './documents/file.ts';

/** Returns which content of its key a version is. */
export const contentVersion = ({ content_version, version }: FileVersion): number => content_version ?? version;

/** Orders versions by their content, then by their number. */
export const byContent = (a: FileVersion, b: FileVersion): number =>
  contentVersion(a) - contentVersion(b) || a.version - b.version;
