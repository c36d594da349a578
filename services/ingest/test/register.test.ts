import { FileDocument, fileId, fileKey } from '@music-etl/contracts';
import { memoryDocuments } from '@music-etl/stage/memory-documents';
import { register, registerListed } from '../src/app/register.ts';
import { FakeRawStore } from './support/fake-raw-store.ts';
import { aFile, anArrival, aVersion, KEY, NOW, quiet } from './support/records.ts';

const aFakeStore = () => {
  const documents = memoryDocuments();
  const objects = new FakeRawStore();
  const read = async (): Promise<FileDocument | undefined> =>
    (await documents.read(fileKey(fileId(KEY)), (value) => FileDocument.parse(value)))?.value;
  return { documents, objects, read, deps: { documents, objects, now: () => NOW, log: quiet } };
};
const stream = (changes: Parameters<typeof anArrival>[0] = {}) =>
  ({ kind: 'stream', arrival: anArrival(changes) }) as const;
const correction = { versionId: 'v2', etag: 'content-2', sequencer: '20' };

test('a stream file enters its document and is marked, however often it is told of', async () => {
  const { deps, documents } = aFakeStore();
  await register(deps, stream());
  await register(deps, stream());
  const file = await documents.read(fileKey(fileId(KEY)), (value) => FileDocument.parse(value));
  expect(file?.value.versions).toEqual([aVersion()]);
  expect(await documents.list('processed/pending/')).toHaveLength(1);
});

test('a version and its correction have markers of their own', async () => {
  const { deps, documents } = aFakeStore();
  await register(deps, stream());
  await register(deps, stream(correction));
  expect(await documents.list('processed/pending/')).toHaveLength(2);
});

test('an event that overtook those of older versions brings them along, each with its marker, in the order they were put', async () => {
  const { deps, documents, objects, read } = aFakeStore();
  const puts = [{}, correction, { versionId: 'v3', etag: 'content-2', sequencer: '30' }].map(anArrival);
  for (const { key, versionId, etag } of puts) objects.put({ key, versionId, etag });
  objects.put({ key: `${KEY}.gz`, versionId: 'x' });
  await register(deps, { kind: 'stream', arrival: puts[1] ?? anArrival() });
  expect((await read())?.versions).toMatchObject([
    { version: 1, version_id: 'v1', sequencer: '' },
    { version: 2, version_id: 'v2', sequencer: '20', repeats: ['v3'] },
  ]);
  expect(await documents.list('processed/pending/')).toHaveLength(2);
  for (const arrival of puts.toReversed()) await register(deps, { kind: 'stream', arrival });
  expect((await read())?.versions).toMatchObject([{ sequencer: '10' }, { sequencer: '30', repeats: ['v3'] }]);
});

test('versions that entered the document before whoever wrote it died are marked when one is told of again', async () => {
  const { deps, documents } = aFakeStore();
  await documents.create(fileKey(fileId(KEY)), aFile(aVersion(), aVersion({ version: 2, version_id: 'v2' })));
  await register(deps, stream(correction));
  expect(await documents.list('processed/pending/')).toHaveLength(2);
});

test('what a listing finds is counted where nobody was told of it', async () => {
  const { deps, objects } = aFakeStore();
  objects.put({ key: KEY, versionId: 'v1' });
  objects.put({ key: KEY, versionId: 'v2', etag: 'content-2' });
  await register(deps, stream());
  objects.put({ key: KEY, versionId: 'v3', etag: 'content-3' });
  expect(await registerListed(deps, KEY, await objects.versionsOf(KEY))).toBe(1);
  expect(await registerListed(deps, KEY, await objects.versionsOf(KEY))).toBe(0);
});

test('two events of one file at once both enter its document', async () => {
  const { deps, documents } = aFakeStore();
  await Promise.all([register(deps, stream()), register(deps, stream(correction))]);
  const file = await documents.read(fileKey(fileId(KEY)), (value) => FileDocument.parse(value));
  expect(file?.value.versions.at(-1)).toMatchObject({ etag: 'content-2', state: 'pending' });
});

test('a repeat of archived content is taken away, and again when that was not told', async () => {
  const { deps, documents, objects } = aFakeStore();
  await documents.create(fileKey(fileId(KEY)), aFile(aVersion({ state: 'archived' })));
  await register(deps, stream({ versionId: 'v2', sequencer: '20' }));
  await register(deps, stream({ versionId: 'v2', sequencer: '20' }));
  expect(objects.deleted).toEqual([`${KEY}@v2`, `${KEY}@v2`]);
  expect(await documents.list('processed/pending/')).toEqual([]);
});

test('a reference file is only marked', async () => {
  const { deps, documents } = aFakeStore();
  await register(deps, { kind: 'reference', arrival: anArrival({ key: 'reference/songs/s.csv' }) });
  expect(await documents.list('processed/')).toEqual([expect.stringMatching(/^processed\/pending\/reference-/)]);
});
