/** One version of a raw object, as S3 lists it. */
export interface RawVersion {
  readonly key: string;
  readonly versionId: string;
  readonly etag: string;
  readonly size: number;
  readonly lastModified: Date;
  readonly isLatest: boolean;
}

/** What lies under streams/ and reference/; delete markers are no versions. */
export interface RawObjects {
  /** The versions of exactly this key, oldest first. */
  versionsOf(key: string): Promise<RawVersion[]>;
  /** Key by key, the versions of each, oldest first. */
  keysUnder(prefix: string): AsyncIterable<readonly RawVersion[]>;
  /** Deletes exactly one version for good; one that is gone already is fine. */
  deleteVersion(key: string, versionId: string): Promise<void>;
}
