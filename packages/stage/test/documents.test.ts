import type { S3Client } from '@aws-sdk/client-s3';
import { FakeS3 } from '@music-etl/testing/fake-s3';
import { memoryDocuments } from '../src/adapters/memory-documents.ts';
import { s3Documents } from '../src/adapters/s3-documents.ts';
import { UnreadableDocument } from '../src/domain/unreadable-document.ts';
import { behavesAsDocumentStore } from './support/document-store-suite.ts';

describe('documents in memory', () => {
  behavesAsDocumentStore(memoryDocuments);
});

describe('documents in S3', () => {
  const fake = new FakeS3();
  let s3: S3Client;
  beforeAll(async () => {
    s3 = await fake.start();
  });
  beforeEach(() => fake.clear());
  afterAll(async () => {
    s3.destroy();
    await fake.stop();
  });

  behavesAsDocumentStore(() => s3Documents(s3, 'bucket'));

  test('a write that conflicts with another in progress is retried, and wins if the other fails', async () => {
    fake.next = { status: 409, body: '<Error><Code>ConditionalRequestConflict</Code></Error>' };
    expect(await s3Documents(s3, 'bucket').create('a', {})).toBe(true);
  });

  test('a rejected request is an error, not a lost race', async () => {
    fake.next = { status: 403, body: '<Error><Code>AccessDenied</Code></Error>' };
    await expect(s3Documents(s3, 'bucket').create('a', {})).rejects.toMatchObject({ name: 'AccessDenied' });
  });

  test('a document that cannot be parsed is named with its bucket and key', async () => {
    fake.put('processed/x.json', '{ half');
    const reading = s3Documents(s3, 'bucket').read('processed/x.json', (value) => value);
    await expect(reading).rejects.toBeInstanceOf(UnreadableDocument);
    fake.put('processed/x.json', '{ half');
    await expect(s3Documents(s3, 'bucket').read('processed/x.json', String)).rejects.toThrow(
      's3://bucket/processed/x.json',
    );
  });
});
