import { FileDocument, type FileRequested, type FileVersion, fileKey, REPLAYS_PREFIX } from '@music-etl/contracts';
import { memoryDocuments } from '@music-etl/stage/memory-documents';
import { aFile, aFileRequest, aReplay, aReplayedVersion, aVersion, KEY } from '@music-etl/testing';
import { quietLog } from '@music-etl/testing/quiet-log';
import { decideRequest } from '../src/domain/request.ts';
import { fileRequestHandler } from '../src/handlers/file-request.ts';

const held = aVersion({ state: 'held', reason: { code: 'too_many_quarantined', detail: '3 of 4' } });
const CAUSE = 'request:0123abcd';

const on = (versions: readonly FileVersion[], changes: Partial<FileRequested> = {}) =>
  decideRequest(aFile(...versions), aFileRequest(changes));

test('an archived or held version is reprocessed with row patches, and records who requested it and why', () => {
  const patches_key = 'processed/patches/a/1-0123abcd.jsonl';
  const expected = { of: 1, cause: CAUSE, why: 'the users file was late', requested_by: 'ann', patches_key };
  expect(on([aVersion({ state: 'archived' })], { patches_key })).toMatchObject({
    kind: 'replay',
    marker: { key: KEY, replay: { ...expected, accept: true } },
  });
  expect(on([held], { patches_key })).toMatchObject({ marker: { replay: { ...expected, accept: false } } });
});

test('a release accepts a held version whatever share of its rows is quarantined', () => {
  expect(on([held], { action: 'release' })).toMatchObject({
    kind: 'replay',
    marker: { replay: { of: 1, accept: true } },
  });
});

test('a rejection records why and by whom, and also rejects the version that the held one reprocessed', () => {
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

test('a rejection does not change other contents of the file', () => {
  const correction = aVersion({ version: 2, version_id: 'v2', state: 'held' });
  const decision = on([held, correction], { action: 'reject', version: 2 });
  expect(decision).toMatchObject({ document: { versions: [held, { state: 'rejected' }] } });
});

test('a repeated request is done', () => {
  const replay = aReplay({ cause: CAUSE });
  expect(on([held, aReplayedVersion(2, { replay, state: 'running' })], { action: 'release' })).toEqual({
    kind: 'done',
  });
  const rejected = aVersion({ state: 'rejected', reason: { code: 'rejected_manually', detail: '' } });
  expect(on([rejected], { action: 'reject' })).toEqual({ kind: 'done' });
});

test('a held version can be released or rejected after an erasure of older content', () => {
  const before = aVersion({ state: 'archived', archived_to: 'archived/raw' });
  const newer = aVersion({ version: 2, version_id: 'v2', etag: 'content-2', state: 'held' });
  const replay = aReplay({ of: 1, cause: 'erasure:20181201T000000000-0000000e' });
  const erased = { ...before, version: 3, content_version: 1, replay };
  expect(on([before, newer, erased], { action: 'release', version: 2 })).toMatchObject({ kind: 'replay' });
  expect(on([before, newer, erased], { action: 'reject', version: 2 })).toMatchObject({ kind: 'reject' });
});

test('the current version can be reprocessed after its correction was rejected', () => {
  const versions = [aVersion({ state: 'archived' }), aVersion({ version: 2, version_id: 'v2', state: 'rejected' })];
  expect(on(versions, { action: 'replay', version: 1 })).toMatchObject({ kind: 'replay' });
});

test.each<[string, FileVersion[], Partial<FileRequested>, RegExp]>([
  ['an unknown version', [held], { version: 3 }, /version 3: there is no such version/],
  [
    'a version with newer content',
    [held, aVersion({ version: 2, version_id: 'v2' })],
    {},
    /version 2 \(pending\) came after/,
  ],
  [
    'a version that is being reprocessed',
    [held, aReplayedVersion(2, { state: 'running' })],
    {},
    /version 2 \(running\)/,
  ],
  [
    'the release of an archived version',
    [aVersion({ state: 'archived' })],
    { action: 'release' },
    /archived, not on hold/,
  ],
  [
    'the rejection of an archived version',
    [aVersion({ state: 'archived' })],
    { action: 'reject' },
    /archived, not on hold/,
  ],
  [
    'the replay of an unreadable version',
    [aVersion({ state: 'rejected' })],
    {},
    /rejected; correct the file and put it again/,
  ],
])('%s is impossible, and the reason names file, version and what to do', (_, versions, changes, why) => {
  const decision = on(versions, changes);
  expect(decision).toMatchObject({ kind: 'impossible', why: expect.stringMatching(why) });
  expect(decision).toMatchObject({ why: expect.stringContaining(KEY) });
});

const aFakeStore = async (...versions: FileVersion[]) => {
  const documents = memoryDocuments();
  const at = fileKey(aFile().file_id);
  await documents.create(at, aFile(...versions));
  const read = async () => (await documents.read(at, (value) => FileDocument.parse(value)))?.value;
  return { documents, read, handle: fileRequestHandler({ documents, log: quietLog }) };
};

test('a request that comes twice writes one marker', async () => {
  const { handle, documents } = await aFakeStore(held);
  for (let i = 0; i < 2; i += 1) expect(await handle(aFileRequest({ action: 'release' }))).toBe(true);
  expect(await documents.list(REPLAYS_PREFIX)).toHaveLength(1);
});

test('a rejection that loses a race is decided again', async () => {
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
  expect(await handle(aFileRequest({ action: 'reject' }))).toBe(true);
  expect((await read())?.versions).toMatchObject([{ state: 'rejected', reason: { code: 'rejected_manually' } }]);
});

test('impossible and malformed requests go to the DLQ with a reason, other messages are not handled', async () => {
  const { handle } = await aFakeStore(held);
  const error = expect.stringMatching(/streams\/other.csv version 1: there is no such file/);
  expect(await handle(aFileRequest({ key: 'streams/other.csv' }))).toEqual({
    sendToDlq: { reason: 'impossible request', error },
  });
  expect(await handle({ ...aFileRequest(), why: '' })).toEqual({
    sendToDlq: { reason: 'malformed message', error: expect.stringContaining('why') },
  });
  for (const body of [null, 7, {}, { type: 'ingest.requested' }]) expect(await handle(body)).toBe(false);
});
