/** One version of a raw object, as S3 lists it. */
export interface RawVersion {
  readonly key: string;
  readonly versionId: string;
  readonly etag: string;
  readonly size: number;
  readonly lastModified: Date;
  readonly isLatest: boolean;
}

/** The object versions under streams/ and reference/, without delete markers. */
export interface RawObjects {
  /** Returns the versions of exactly this key, oldest first. */
  versionsOf(key: string): Promise<RawVersion[]>;
  /** Yields for each key its versions, oldest first. */
  keysUnder(prefix: string): AsyncIterable<readonly RawVersion[]>;
  /** Deletes one version permanently. No error if it does not exist. */
  deleteVersion(key: string, versionId: string): Promise<void>;
}
