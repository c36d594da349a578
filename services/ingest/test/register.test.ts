import { FileDocument, fileId, fileKey } from '@music-etl/contracts';
import { memoryDocuments } from '@music-etl/stage/memory-documents';
import { register } from '../src/app/register.ts';
import { aFile, anArrival, aVersion, KEY, NOW } from './support/records.ts';

const aShelf = () => {
  const documents = memoryDocuments();
  const deleted: string[] = [];
  const log = { info: () => {}, warn: () => {} };
  const deleteVersion = async (key: string, versionId: string) => void deleted.push(`${key}@${versionId}`);
  return { documents, deleted, deps: { documents, now: () => NOW, log, deleteVersion } };
};
const stream = (changes: Parameters<typeof anArrival>[0] = {}) =>
  ({ kind: 'stream', arrival: anArrival(changes) }) as const;
const correction = { versionId: 'v2', etag: 'content-2', sequencer: '20' };

test('a stream file enters its document and is marked, however often it is told of', async () => {
  const { deps, documents } = aShelf();
  await register(deps, stream());
  await register(deps, stream());
  const file = await documents.read(fileKey(fileId(KEY)), (value) => FileDocument.parse(value));
  expect(file?.value.versions).toEqual([aVersion()]);
  expect(await documents.list('processed/pending/')).toHaveLength(1);
});

test('a version and its correction have markers of their own', async () => {
  const { deps, documents } = aShelf();
  await register(deps, stream());
  await register(deps, stream(correction));
  expect(await documents.list('processed/pending/')).toHaveLength(2);
});

test('two events of one file at once both enter its document', async () => {
  const { deps, documents } = aShelf();
  await Promise.all([register(deps, stream()), register(deps, stream(correction))]);
  const file = await documents.read(fileKey(fileId(KEY)), (value) => FileDocument.parse(value));
  expect(file?.value.versions.at(-1)).toMatchObject({ etag: 'content-2', state: 'pending' });
});

test('a repeat of archived content is taken away, and again when that was not told', async () => {
  const { deps, documents, deleted } = aShelf();
  await documents.create(fileKey(fileId(KEY)), aFile(aVersion({ state: 'archived' })));
  await register(deps, stream({ versionId: 'v2', sequencer: '20' }));
  await register(deps, stream({ versionId: 'v2', sequencer: '20' }));
  expect(deleted).toEqual([`${KEY}@v2`, `${KEY}@v2`]);
  expect(await documents.list('processed/pending/')).toEqual([]);
});

test('a reference file is only marked', async () => {
  const { deps, documents } = aShelf();
  await register(deps, { kind: 'reference', arrival: anArrival({ key: 'reference/songs/s.csv' }) });
  expect(await documents.list('processed/')).toEqual([expect.stringMatching(/^processed\/pending\/reference-/)]);
});
