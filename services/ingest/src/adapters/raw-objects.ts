import { DeleteObjectCommand, type S3Client } from '@aws-sdk/client-s3';

/** Deletes exactly one version of a raw object, for good; one that is gone already is fine. */
export const deleteVersion = (s3: S3Client, bucket: string) => async (key: string, versionId: string) => {
  await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key, VersionId: versionId }));
};
