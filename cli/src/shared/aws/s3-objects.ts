import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { UserError } from '../errors.ts';
import type { ObjectInfo, Objects } from '../ports.ts';

const LARGEST_PUT = 5 * 1024 ** 3;

const isMissing = (error: unknown): boolean => error instanceof Error && error.name === 'NoSuchKey';

/** The bucket in S3. */
export class S3Objects implements Objects {
  constructor(
    private readonly s3: S3Client,
    private readonly bucket: string,
  ) {}

  async *list(prefix: string): AsyncIterable<ObjectInfo> {
    let token: string | undefined;
    do {
      const page = await this.s3.send(
        new ListObjectsV2Command({ Bucket: this.bucket, Prefix: prefix, ContinuationToken: token }),
      );
      for (const { Key, ETag } of page.Contents ?? []) if (Key) yield { key: Key, etag: ETag ?? '' };
      token = page.NextContinuationToken;
    } while (token);
  }

  async read(key: string): Promise<string | null> {
    try {
      const { Body } = await this.s3.send(new GetObjectCommand({ Bucket: this.bucket, Key: key }));
      return Body ? await Body.transformToString('utf-8') : null;
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  }

  async open(key: string): Promise<AsyncIterable<Uint8Array>> {
    const { Body } = await this.s3.send(new GetObjectCommand({ Bucket: this.bucket, Key: key }));
    if (!(Body instanceof Readable)) throw new Error(`${key}: S3 sent no readable body`);
    return Body;
  }

  async put(key: string, path: string): Promise<{ version_id: string; etag: string }> {
    const { size } = await stat(path);
    if (size > LARGEST_PUT) throw new UserError(`${path} is larger than 5 GB, more than one upload takes`, 'split it');
    const { VersionId, ETag } = await this.s3.send(
      new PutObjectCommand({ Bucket: this.bucket, Key: key, Body: createReadStream(path), ContentLength: size }),
    );
    return { version_id: VersionId ?? 'null', etag: ETag ?? '' };
  }

  async write(key: string, text: string): Promise<void> {
    await this.s3.send(new PutObjectCommand({ Bucket: this.bucket, Key: key, Body: text }));
  }
}
