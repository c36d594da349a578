import { activeKey, fileId, fileKey, PENDING_PREFIX, REFERENCE_KEY, runKey } from '@music-etl/contracts';
import { memoryDocuments } from '@music-etl/stage/memory-documents';
import { aFile, aReference, aRunDocument, aVersion, KEY, NOW, RUN } from '@music-etl/testing';
import { quietLog } from '@music-etl/testing/quiet-log';
import { sweep } from '../src/app/sweep.ts';
import { unseenReferences } from '../src/domain/references.ts';
import { FakeRawStore } from './support/fake-raw-store.ts';

const OLD = new Date(NOW.getTime() - 61_000);
const YOUNG = new Date(NOW.getTime() - 59_000);
const SONGS = { key: 'reference/songs/s.csv', versionId: 's1', etag: 'songs', lastModified: OLD };
const USERS = { key: 'reference/users/u.csv', versionId: 'u1', etag: 'users', lastModified: OLD };

const aFakeStore = () => {
  const documents = memoryDocuments();
  const objects = new FakeRawStore();
  const deps = { documents, objects, now: () => NOW, log: quietLog, silenceSeconds: 60 };
  const reads: string[] = [];
  const read = documents.read;
  Object.assign(documents, {
    read: async (...args: Parameters<typeof read>) => {
      reads.push(args[0]);
      return read(...args);
    },
  });
  return { documents, objects, deps, reads, pending: () => documents.list(PENDING_PREFIX) };
};

test('an arrival without a notification is registered once it is old enough', async () => {
  const { objects, deps, pending } = aFakeStore();
  objects.put({ key: KEY, versionId: 'v1', lastModified: OLD });
  objects.put({ key: 'streams/young.csv', versionId: 'y1', lastModified: YOUNG });
  objects.put({ key: 'streams/', versionId: 'folder', lastModified: OLD });
  expect(await sweep(deps)).toBe(1);
  expect(await pending()).toEqual([`${PENDING_PREFIX}${fileId(KEY)}-1.json`]);
});

test('versions are registered in order, except young ones, and each document is read once', async () => {
  const { documents, objects, deps, reads, pending } = aFakeStore();
  const other = fileKey(fileId('streams/other.csv'));
  await documents.create(other, { ...aFile(aVersion({ state: 'held' })), key: 'streams/other.csv' });
  objects.put({ key: 'streams/other.csv', versionId: 'v1', lastModified: OLD });
  for (const [i, etag] of ['a', 'a', 'b', 'c'].entries()) {
    objects.put({ key: KEY, versionId: `v${i}`, etag, lastModified: i < 3 ? OLD : YOUNG });
  }
  expect(await sweep(deps)).toBe(3);
  expect(documents.snapshot()[fileKey(fileId(KEY))]).toMatchObject({
    versions: [{ version_id: 'v0', repeats: ['v1'] }, { version_id: 'v2' }],
  });
  expect(reads.filter((key) => key === other)).toHaveLength(1);
  expect(await pending()).toHaveLength(2);
});

test('a pending version that lost its marker gets it back', async () => {
  const { documents, objects, deps, pending } = aFakeStore();
  await documents.create(fileKey(fileId(KEY)), aFile(aVersion()));
  objects.put({ key: KEY, versionId: 'v1', lastModified: OLD });
  expect(await sweep(deps)).toBe(0);
  expect(await pending()).toHaveLength(1);
});

test('an existing marker is not overwritten, since its age shows how long the file has waited', async () => {
  const { documents, objects, deps, pending } = aFakeStore();
  await documents.create(fileKey(fileId(KEY)), aFile(aVersion()));
  objects.put({ key: KEY, versionId: 'v1', lastModified: OLD });
  objects.put(SONGS);
  objects.put(USERS);
  await sweep(deps);
  const etags = async () =>
    Promise.all((await pending()).map(async (key) => (await documents.read(key, String))?.etag));
  const before = await etags();
  expect(before).toHaveLength(3);
  await sweep(deps);
  expect(await etags()).toEqual(before);
});

test('a repeat of archived content is deleted', async () => {
  const { documents, objects, deps } = aFakeStore();
  await documents.create(fileKey(fileId(KEY)), aFile(aVersion({ state: 'archived' })));
  objects.put({ key: KEY, versionId: 'v2', lastModified: OLD });
  await sweep(deps);
  expect(objects.deleted).toEqual([`${KEY}@v2`]);
});

test('a key with an unreadable document is named, and the others are swept', async () => {
  const { documents, objects, deps, pending } = aFakeStore();
  for (const name of ['a', 'b', 'c']) objects.put({ key: `streams/${name}.csv`, versionId: 'v1', lastModified: OLD });
  await documents.mark(fileKey(fileId('streams/b.csv')), { half: true });
  for (const file of [SONGS, USERS]) objects.put(file);
  await expect(sweep(deps)).rejects.toMatchObject({ errors: [{ message: 'streams/b.csv could not be swept' }] });
  expect(await pending()).toHaveLength(4);
});

test('reference files are swept although streams/ cannot be listed', async () => {
  const { objects, deps, pending } = aFakeStore();
  for (const file of [SONGS, USERS]) objects.put(file);
  const under = objects.keysUnder.bind(objects);
  Object.assign(objects, {
    keysUnder: (prefix: string) => {
      if (prefix === 'streams/') throw new Error('S3 is not available');
      return under(prefix);
    },
  });
  await expect(sweep(deps)).rejects.toMatchObject({ errors: [{ message: 'streams/ could not be swept' }] });
  expect(await pending()).toHaveLength(2);
});

test('unseen reference files are marked, unless they are young or an active run reads them', async () => {
  const { documents, objects, deps, pending } = aFakeStore();
  await documents.mark(REFERENCE_KEY, aReference({ sources: [{ key: SONGS.key, version_id: 's1', etag: 'songs' }] }));
  for (const file of [SONGS, USERS]) objects.put(file);
  await documents.mark(activeKey(RUN, 'ingest'), {});
  const run = aRunDocument({ reference_changed: true });
  await documents.mark(runKey(RUN), run);
  expect(await sweep(deps)).toBe(0);
  await documents.mark(runKey(RUN), { ...run, reference_changed: false });
  expect(await sweep({ ...deps, silenceSeconds: 62 })).toBe(0);
  expect(await sweep(deps)).toBe(1);
  expect(await pending()).toEqual([expect.stringContaining('reference-')]);
});

test('with half of the data, a broken file or the same content, no reference file is unseen', () => {
  const both = [SONGS, USERS];
  expect(unseenReferences([SONGS], null)).toEqual([]);
  expect(unseenReferences(both, null)).toEqual(both);
  const sources = both.map(({ key, etag }) => ({ key, etag, version_id: 'another' }));
  expect(unseenReferences(both, aReference({ sources }))).toEqual([]);
  const broken = [{ key: USERS.key, version_id: 'u1', reason: { code: 'no_usable_row', detail: '' } }];
  expect(unseenReferences(both, aReference({ broken }))).toEqual([]);
  expect(unseenReferences([SONGS, { ...USERS, versionId: 'u2' }], aReference({ broken }))).toHaveLength(2);
});
