import type { S3Client } from '@aws-sdk/client-s3';
import { memoryDocuments } from '../src/adapters/memory-documents.ts';
import { s3Documents } from '../src/adapters/s3-documents.ts';
import { UnreadableDocument } from '../src/domain/unreadable-document.ts';
import { behavesAsDocuments } from './support/documents-suite.ts';
import { FakeS3 } from './support/fake-s3.ts';

describe('documents in memory', () => {
  behavesAsDocuments(memoryDocuments);
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

  behavesAsDocuments(() => s3Documents(s3, 'bucket'));

  test('what somebody is writing just now is tried again: if that fails, it is ours', async () => {
    fake.next = { status: 409, body: '<Error><Code>ConditionalRequestConflict</Code></Error>' };
    expect(await s3Documents(s3, 'bucket').create('a', {})).toBe(true);
  });

  test('what S3 rejects is an error, not a lost race', async () => {
    fake.next = { status: 403, body: '<Error><Code>AccessDenied</Code></Error>' };
    await expect(s3Documents(s3, 'bucket').create('a', {})).rejects.toMatchObject({ name: 'AccessDenied' });
  });

  test('a document that cannot be understood is named', async () => {
    fake.put('processed/x.json', '{ half');
    const reading = s3Documents(s3, 'bucket').read('processed/x.json', (value) => value);
    await expect(reading).rejects.toBeInstanceOf(UnreadableDocument);
    fake.put('processed/x.json', '{ half');
    await expect(s3Documents(s3, 'bucket').read('processed/x.json', String)).rejects.toThrow(
      's3://bucket/processed/x.json',
    );
  });
});
