/** A document exists but does not match its type. It is never overwritten. */
export class UnreadableDocument extends Error {
  override readonly name = 'UnreadableDocument';
  constructor(
    /** The bucket; null in memory. */
    readonly bucket: string | null,
    readonly key: string,
    cause: unknown,
  ) {
    super(`${bucket === null ? '' : `s3://${bucket}/`}${key} is not a document of its type`, { cause });
  }
}
