import { type ReferenceDocument, SONGS_PREFIX, USERS_PREFIX } from '@music-etl/contracts';

/** A reference file as it is now. */
export interface CurrentFile {
  readonly key: string;
  readonly versionId: string;
  readonly etag: string;
}

const bothKinds = (current: readonly CurrentFile[]): boolean =>
  [SONGS_PREFIX, USERS_PREFIX].every((prefix) => current.some(({ key }) => key.startsWith(prefix)));

/**
 * The reference files that a run should have looked at and has not. None where nothing could come of it: with only half
 * of the reference data there is no snapshot, and none while a file that is broken stays as it is.
 */
export const unseenReferences = <T extends CurrentFile>(
  current: readonly T[],
  reference: ReferenceDocument | null,
): readonly T[] => {
  if (!bothKinds(current)) return [];
  const broken = reference?.broken ?? [];
  if (broken.some(({ version_id }) => current.some(({ versionId }) => versionId === version_id))) return [];
  const sources = reference?.sources ?? [];
  // By content: the same put again makes no new snapshot.
  return current.filter(({ key, etag }) => !sources.some((source) => source.key === key && source.etag === etag));
};
