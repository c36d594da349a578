import { HeadObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';

const FORBIDDEN = [301, 403];

const exists = async (s3, Bucket, Key) => {
  try {
    await s3.send(new HeadObjectCommand({ Bucket, Key }));
    return true;
  } catch (error) {
    if (error.$metadata?.httpStatusCode === 404) return false;
    throw error;
  }
};

/**
 * Uploads the objects that the bucket does not have yet.
 * @returns {Promise<boolean>} false if there is no such bucket.
 */
export const uploadMissing = async (region, bucket, objects) => {
  const s3 = new S3Client({ region, forcePathStyle: true });
  try {
    for (const { key, body } of objects) {
      if (!(await exists(s3, bucket, key)))
        await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }));
    }
    return true;
  } catch (error) {
    if (FORBIDDEN.includes(error.$metadata?.httpStatusCode)) {
      throw new Error(
        `the bucket ${bucket} is not yours, or you may not write to it; name your own with --param="bucket=…"`,
      );
    }
    if (error.name === 'NoSuchBucket') return false;
    throw error;
  }
};
