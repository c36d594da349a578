import { paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';
import type { WrittenUnder } from '../app/measure-pending.ts';

/** Lists when S3 wrote the objects under a prefix. */
export const writtenUnder =
  (s3: S3Client, bucket: string): WrittenUnder =>
  async (prefix) => {
    const written: Date[] = [];
    for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket: bucket, Prefix: prefix })) {
      for (const { LastModified } of Contents) if (LastModified !== undefined) written.push(LastModified);
    }
    return written;
  };
