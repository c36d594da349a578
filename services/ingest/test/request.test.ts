import { FileDocument, type FileRequested, type FileVersion, fileKey, REPLAYS_PREFIX } from '@music-etl/contracts';
import { memoryDocuments } from '@music-etl/stage/memory-documents';
import { decideRequest } from '../src/domain/request.ts';
import { fileRequestHandler } from '../src/handlers/file-request.ts';
import { aFile, aReplay, aReplayedVersion, aVersion, KEY, NOW, quiet } from './support/records.ts';

const aRequest = (changes: Partial<FileRequested> = {}): FileRequested => ({
  type: 'file.requested',
  schema_version: 1,
  action: 'replay',
  request_id: '0123abcd',
  key: KEY,
  version: 1,
  why: 'the users file was late',
  requested_by: 'ann',
  requested_at: NOW.toISOString(),
  patches_key: null,
  ...changes,
});
const held = aVersion({ state: 'held', reason: { code: 'too_many_quarantined', detail: '3 of 4' } });
const CAUSE = 'request:0123abcd';

const on = (versions: readonly FileVersion[], changes: Partial<FileRequested> = {}) =>
  decideRequest(aFile(...versions), aRequest(changes));

test('a version that stands, or is held, is reprocessed with row patches, and remembers who asked and why', () => {
  const patches_key = 'processed/patches/a/1-0123abcd.jsonl';
  const expected = { of: 1, cause: CAUSE, why: 'the users file was late', requested_by: 'ann', patches_key };
  expect(on([aVersion({ state: 'archived' })], { patches_key })).toMatchObject({
    kind: 'replay',
    marker: { key: KEY, replay: { ...expected, accept: true } },
  });
  expect(on([held], { patches_key })).toMatchObject({ marker: { replay: { ...expected, accept: false } } });
});

test('a release lets a held version stand whatever share of its rows is rejected', () => {
  expect(on([held], { action: 'release' })).toMatchObject({
    kind: 'replay',
    marker: { replay: { of: 1, accept: true } },
  });
});

test('a rejection says why and who, and rejects what the held version reprocessed, too', () => {
  const reason = { code: 'rejected_manually', detail: 'the users file was late (ann)' };
  const again = aReplayedVersion(2, { state: 'held' });
  const decision = on([held, again], { action: 'reject', version: 2 });
  expect(decision).toMatchObject({
    kind: 'reject',
    document: {
      versions: [
        { state: 'rejected', reason },
        { state: 'rejected', reason },
      ],
    },
  });
});

test('a rejection leaves other contents of the file alone', () => {
  const correction = aVersion({ version: 2, version_id: 'v2', state: 'held' });
  const decision = on([held, correction], { action: 'reject', version: 2 });
  expect(decision).toMatchObject({ document: { versions: [held, { state: 'rejected' }] } });
});

test('asked again, what was done is done', () => {
  const replay = aReplay({ cause: CAUSE });
  expect(on([held, aReplayedVersion(2, { replay, state: 'running' })], { action: 'release' })).toEqual({
    kind: 'done',
  });
  const rejected = aVersion({ state: 'rejected', reason: { code: 'rejected_manually', detail: '' } });
  expect(on([rejected], { action: 'reject' })).toEqual({ kind: 'done' });
});

test('a held version is still the newest word where an erasure validated older content again', () => {
  const stood = aVersion({ state: 'archived', archived_to: 'archived/raw' });
  const newer = aVersion({ version: 2, version_id: 'v2', etag: 'content-2', state: 'held' });
  const replay = aReplay({ of: 1, cause: 'erasure:20181201T000000000-0000000e' });
  const erased = { ...stood, version: 3, content_version: 1, replay };
  expect(on([stood, newer, erased], { action: 'release', version: 2 })).toMatchObject({ kind: 'replay' });
  expect(on([stood, newer, erased], { action: 'reject', version: 2 })).toMatchObject({ kind: 'reject' });
});

test('what stands can be reprocessed though its correction was rejected', () => {
  const versions = [aVersion({ state: 'archived' }), aVersion({ version: 2, version_id: 'v2', state: 'rejected' })];
  expect(on(versions, { action: 'replay', version: 1 })).toMatchObject({ kind: 'replay' });
});

test.each<[string, FileVersion[], Partial<FileRequested>, RegExp]>([
  ['a version that is not there', [held], { version: 3 }, /version 3: there is no such version/],
  [
    'a version that newer content came after',
    [held, aVersion({ version: 2, version_id: 'v2' })],
    {},
    /version 2 \(pending\) has come after/,
  ],
  ['a version that is reprocessed', [held, aReplayedVersion(2, { state: 'running' })], {}, /version 2 \(running\)/],
  ['the release of what stands', [aVersion({ state: 'archived' })], { action: 'release' }, /archived, not held/],
  ['the rejection of what stands', [aVersion({ state: 'archived' })], { action: 'reject' }, /archived, not held/],
  [
    'the replay of what could not be read',
    [aVersion({ state: 'rejected' })],
    {},
    /rejected; correct the file and put it again/,
  ],
])('%s can never be done, and the reason names file, version and what to do', (_, versions, changes, why) => {
  const decision = on(versions, changes);
  expect(decision).toMatchObject({ kind: 'impossible', why: expect.stringMatching(why) });
  expect(decision).toMatchObject({ why: expect.stringContaining(KEY) });
});

const aFakeStore = async (...versions: FileVersion[]) => {
  const documents = memoryDocuments();
  const at = fileKey(aFile().file_id);
  await documents.create(at, aFile(...versions));
  const read = async () => (await documents.read(at, (value) => FileDocument.parse(value)))?.value;
  return { documents, read, handle: fileRequestHandler({ documents, log: quiet }) };
};

test('a request that comes twice leaves one marker', async () => {
  const { handle, documents } = await aFakeStore(held);
  for (let i = 0; i < 2; i += 1) expect(await handle(aRequest({ action: 'release' }))).toBe(true);
  expect(await documents.list(REPLAYS_PREFIX)).toHaveLength(1);
});

test('a rejection that is overtaken by another writer is decided again', async () => {
  const { handle, documents, read } = await aFakeStore(held);
  const replace = documents.replace;
  let races = 1;
  Object.assign(documents, {
    replace: async (...write: Parameters<typeof replace>) => {
      races -= 1;
      if (races === 0) return false;
      return replace(...write);
    },
  });
  expect(await handle(aRequest({ action: 'reject' }))).toBe(true);
  expect((await read())?.versions).toMatchObject([{ state: 'rejected', reason: { code: 'rejected_manually' } }]);
});

test('what can never be done, or is no request, goes to the dead letters with its reason; other messages are not ours', async () => {
  const { handle } = await aFakeStore(held);
  const error = expect.stringMatching(/streams\/other.csv version 1: there is no such file/);
  expect(await handle(aRequest({ key: 'streams/other.csv' }))).toEqual({
    sendToDlq: { reason: 'impossible request', error },
  });
  expect(await handle({ ...aRequest(), why: '' })).toEqual({
    sendToDlq: { reason: 'malformed message', error: expect.stringContaining('why') },
  });
  for (const body of [null, 7, {}, { type: 'ingest.requested' }]) expect(await handle(body)).toBe(false);
});
