import { type ReferenceDocument, SONGS_PREFIX, USERS_PREFIX } from '@music-etl/contracts';

/** A reference file as S3 lists it now. */
export interface CurrentFile {
  readonly key: string;
  readonly versionId: string;
  readonly etag: string;
}

const hasBothKinds = (current: readonly CurrentFile[]): boolean =>
  [SONGS_PREFIX, USERS_PREFIX].every((prefix) => current.some(({ key }) => key.startsWith(prefix)));

/**
 * Returns the reference files that no snapshot contains yet. Returns none if a run could not build a snapshot: songs or
 * users are missing, or a file that was broken has not changed.
 */
export const unseenReferences = <T extends CurrentFile>(
  current: readonly T[],
  reference: ReferenceDocument | null,
): readonly T[] => {
  if (!hasBothKinds(current)) return [];
  const broken = reference?.broken ?? [];
  if (broken.some(({ version_id }) => current.some(({ versionId }) => versionId === version_id))) return [];
  const sources = reference?.sources ?? [];
  // Compared by content: the same content again makes no new snapshot.
  return current.filter(({ key, etag }) => !sources.some((source) => source.key === key && source.etag === etag));
};
