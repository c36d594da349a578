import {
  DeleteObjectCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandInput,
  type ListObjectVersionsCommandOutput,
  type ObjectVersion,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { RawObjects, RawVersion } from '../app/raw-objects.ts';

/** S3 reports whether it has URL-encoded the keys; the local emulator does not encode them. */
const decoder = ({ EncodingType }: ListObjectVersionsCommandOutput): ((key: string) => string) =>
  EncodingType === 'url' ? (key) => decodeURIComponent(key.replaceAll('+', ' ')) : (key) => key;

const toRaw = (
  { Key = '', VersionId, ETag, Size, LastModified, IsLatest }: ObjectVersion,
  decode: (key: string) => string,
): RawVersion => ({
  key: decode(Key),
  versionId: VersionId ?? 'null',
  etag: (ETag ?? '').replaceAll('"', ''),
  size: Size ?? 0,
  lastModified: LastModified ?? new Date(0),
  isLatest: IsLatest ?? false,
});

type Marker = Pick<ListObjectVersionsCommandInput, 'KeyMarker' | 'VersionIdMarker'>;

/** Returns where the next page begins; null after the last. */
const markerOf = (page: ListObjectVersionsCommandOutput): Marker | null => {
  if (!page.IsTruncated || page.NextKeyMarker === undefined) return null;
  return { KeyMarker: decoder(page)(page.NextKeyMarker), VersionIdMarker: page.NextVersionIdMarker };
};

/** Lists and deletes object versions in S3. */
export const rawObjects = (s3: S3Client, bucket: string): RawObjects => {
  /** Yields versions in S3's order: by key, newest first. */
  async function* versions(prefix: string): AsyncGenerator<RawVersion> {
    let marker: Marker | null = {};
    while (marker !== null) {
      const page: ListObjectVersionsCommandOutput = await s3.send(
        new ListObjectVersionsCommand({ Bucket: bucket, Prefix: prefix, EncodingType: 'url', ...marker }),
      );
      const decode = decoder(page);
      for (const version of page.Versions ?? []) yield toRaw(version, decode);
      marker = markerOf(page);
    }
  }
  return {
    versionsOf: async (key) => {
      const found: RawVersion[] = [];
      for await (const version of versions(key)) {
        // Of the keys with this prefix, the key itself comes first.
        if (version.key !== key) break;
        found.push(version);
      }
      return found.reverse();
    },
    async *keysUnder(prefix) {
      let found: RawVersion[] = [];
      for await (const version of versions(prefix)) {
        if (found.length > 0 && found[0]?.key !== version.key) {
          yield found.reverse();
          found = [];
        }
        found.push(version);
      }
      if (found.length > 0) yield found.reverse();
    },
    deleteVersion: async (key, versionId) => {
      await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key, VersionId: versionId }));
    },
  };
};
