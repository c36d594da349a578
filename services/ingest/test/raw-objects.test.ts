import { rawObjects } from '../src/adapters/raw-objects.ts';
import { VersionedS3 } from './support/versioned-s3.ts';

const s3 = new VersionedS3();
let objects: ReturnType<typeof rawObjects>;

beforeAll(async () => {
  objects = rawObjects(await s3.start(), 'bucket');
});
beforeEach(() => {
  s3.requests.length = 0;
  s3.encodes = true;
});
afterAll(() => s3.stop());

const KEY = 'streams/a b+c ü.csv';

const ids = (versions: readonly { key: string; versionId: string }[]) => versions.map(({ versionId }) => versionId);

test('versions of a key are listed oldest first, from all pages, without delete markers or other keys', async () => {
  const versions = ['v5', 'v4', 'v3', 'v2', 'v1'].map((versionId) => ({ key: KEY, versionId }));
  s3.listed = [{ key: KEY, versionId: 'm', marker: true }, ...versions, { key: `${KEY}.gz`, versionId: 'x' }];
  for (const encodes of [true, false]) {
    s3.encodes = encodes;
    const found = await objects.versionsOf(KEY);
    expect(ids(found)).toEqual(['v1', 'v2', 'v3', 'v4', 'v5']);
    expect(found[0]).toMatchObject({
      key: KEY,
      etag: 'e',
      size: 5,
      lastModified: new Date('2026-11-23T10:10:00.000Z'),
    });
  }
});

test('no more pages are requested once another key begins', async () => {
  s3.listed = [KEY, `${KEY}1`, `${KEY}2`, `${KEY}3`].map((key) => ({ key, versionId: 'v' }));
  expect(ids(await objects.versionsOf(KEY))).toEqual(['v']);
  expect(s3.requests).toHaveLength(1);
  expect(await objects.versionsOf('streams/nothing')).toEqual([]);
});

test('versions under a prefix are listed key by key', async () => {
  s3.listed = [
    ...['v3', 'v2', 'v1'].map((versionId) => ({ key: 'streams/a', versionId })),
    { key: 'streams/b', versionId: 'm', marker: true },
    { key: 'streams/c', versionId: 'v1' },
  ];
  const found = [];
  for await (const versions of objects.keysUnder('streams/')) found.push([versions[0]?.key, ids(versions)]);
  expect(found).toEqual([
    ['streams/a', ['v1', 'v2', 'v3']],
    ['streams/c', ['v1']],
  ]);
});

test('exactly one version is deleted', async () => {
  await objects.deleteVersion('streams/a', 'v2');
  expect(s3.requests).toEqual([expect.stringMatching(/^DELETE \/bucket\/streams\/a\?.*versionId=v2/)]);
});
