import { FileDocument, fileId, fileKey } from '@music-etl/contracts';
import { memoryDocuments } from '@music-etl/stage/memory-documents';
import { aFile, aVersion, KEY, NOW } from '@music-etl/testing';
import { quietLog } from '@music-etl/testing/quiet-log';
import { register, registerListed } from '../src/app/register.ts';
import { anArrival, aStreamArrival } from './support/arrivals.ts';
import { FakeRawStore } from './support/fake-raw-store.ts';

const aFakeStore = () => {
  const documents = memoryDocuments();
  const objects = new FakeRawStore();
  const read = async (): Promise<FileDocument | undefined> =>
    (await documents.read(fileKey(fileId(KEY)), (value) => FileDocument.parse(value)))?.value;
  return { documents, objects, read, deps: { documents, objects, now: () => NOW, log: quietLog } };
};
const correction = { versionId: 'v2', etag: 'content-2', sequencer: '20' };

test('a stream file is registered and marked once, however often its event comes', async () => {
  const { deps, documents, read } = aFakeStore();
  await register(deps, aStreamArrival());
  await register(deps, aStreamArrival());
  expect((await read())?.versions).toEqual([aVersion()]);
  expect(await documents.list('processed/pending/')).toHaveLength(1);
});

test('a version and its correction have separate markers', async () => {
  const { deps, documents } = aFakeStore();
  await register(deps, aStreamArrival());
  await register(deps, aStreamArrival(correction));
  expect(await documents.list('processed/pending/')).toHaveLength(2);
});

test('an event that overtook older ones registers and marks the older versions too, in their order', async () => {
  const { deps, documents, objects, read } = aFakeStore();
  const puts = [{}, correction, { versionId: 'v3', etag: 'content-2', sequencer: '30' }].map(anArrival);
  for (const { key, versionId, etag } of puts) objects.put({ key, versionId, etag });
  objects.put({ key: `${KEY}.gz`, versionId: 'x' });
  await register(deps, aStreamArrival(puts[1]));
  expect((await read())?.versions).toMatchObject([
    { version: 1, version_id: 'v1', sequencer: '' },
    { version: 2, version_id: 'v2', sequencer: '20', repeats: ['v3'] },
  ]);
  expect(await documents.list('processed/pending/')).toHaveLength(2);
  for (const arrival of puts.toReversed()) await register(deps, aStreamArrival(arrival));
  expect((await read())?.versions).toMatchObject([{ sequencer: '10' }, { sequencer: '30', repeats: ['v3'] }]);
});

test('registered versions without markers are marked when one of their events comes again', async () => {
  const { deps, documents } = aFakeStore();
  await documents.create(fileKey(fileId(KEY)), aFile(aVersion(), aVersion({ version: 2, version_id: 'v2' })));
  await register(deps, aStreamArrival(correction));
  expect(await documents.list('processed/pending/')).toHaveLength(2);
});

test('versions that a listing finds are counted if they are unknown', async () => {
  const { deps, objects } = aFakeStore();
  objects.put({ key: KEY, versionId: 'v1' });
  objects.put({ key: KEY, versionId: 'v2', etag: 'content-2' });
  await register(deps, aStreamArrival());
  objects.put({ key: KEY, versionId: 'v3', etag: 'content-3' });
  expect(await registerListed(deps, KEY, await objects.versionsOf(KEY))).toBe(1);
  expect(await registerListed(deps, KEY, await objects.versionsOf(KEY))).toBe(0);
});

test('two concurrent events of one file are both registered', async () => {
  const { deps, read } = aFakeStore();
  await Promise.all([register(deps, aStreamArrival()), register(deps, aStreamArrival(correction))]);
  expect((await read())?.versions.at(-1)).toMatchObject({ etag: 'content-2', state: 'pending' });
});

test('a repeat of archived content is deleted, at each of its events', async () => {
  const { deps, documents, objects } = aFakeStore();
  await documents.create(fileKey(fileId(KEY)), aFile(aVersion({ state: 'archived' })));
  await register(deps, aStreamArrival({ versionId: 'v2', sequencer: '20' }));
  await register(deps, aStreamArrival({ versionId: 'v2', sequencer: '20' }));
  expect(objects.deleted).toEqual([`${KEY}@v2`, `${KEY}@v2`]);
  expect(await documents.list('processed/pending/')).toEqual([]);
});

test('a reference file is only marked', async () => {
  const { deps, documents } = aFakeStore();
  await register(deps, { kind: 'reference', arrival: anArrival({ key: 'reference/songs/s.csv' }) });
  expect(await documents.list('processed/')).toEqual([expect.stringMatching(/^processed\/pending\/reference-/)]);
});
