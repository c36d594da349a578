import { decideArrival, isOlder } from '../src/domain/arrival.ts';
import { aFile, anArrival, aReplayedVersion, aVersion, NOW } from './support/records.ts';

const decide = (document: Parameters<typeof decideArrival>[0], changes: Parameters<typeof anArrival>[0] = {}) =>
  decideArrival(document, anArrival(changes), NOW);
const correction = { versionId: 'v2', etag: 'content-2', sequencer: '20' };

test('the first arrival of a key is version 1 of a new file', () => {
  expect(decide(null)).toEqual({ kind: 'new', version: 1, document: aFile(aVersion()) });
});

test('the same event again is known', () => {
  expect(decide(aFile(aVersion()))).toMatchObject({ kind: 'known', version: 1, pending: true });
  expect(decide(aFile(aVersion({ state: 'running' })))).toMatchObject({ kind: 'known', pending: false });
});

test('the same content under a new version id is a repeat, noted once', () => {
  const decision = decide(aFile(aVersion()), { versionId: 'v2', sequencer: '20' });
  expect(decision).toMatchObject({ kind: 'repeat', archived: false, document: { versions: [{ repeats: ['v2'] }] } });
  const noted = aFile(aVersion({ state: 'archived', repeats: ['v2'] }));
  expect(decide(noted, { versionId: 'v2' })).toMatchObject({ kind: 'known', archivedRepeat: true });
});

test('other content is a correction, and waits behind the version before it', () => {
  expect(decide(aFile(aVersion()), correction)).toMatchObject({
    kind: 'new',
    version: 2,
    document: { versions: [{ state: 'pending' }, { version: 2, state: 'pending', etag: 'content-2' }] },
  });
});

test('a correction leaves a version that a run works on as it is', () => {
  for (const state of ['running', 'validated', 'archived', 'held', 'rejected'] as const) {
    expect(decide(aFile(aVersion({ state })), correction)).toMatchObject({ document: { versions: [{ state }, {}] } });
  }
});

test('of versions that are gone from S3 the one whose event comes late is outdated', () => {
  expect(decide(aFile(aVersion()), { versionId: 'v0', etag: 'content-0', sequencer: '0F' })).toEqual({
    kind: 'outdated',
  });
  const again = decide(aFile(aVersion()), { versionId: 'v3', sequencer: '30' });
  if (again.kind !== 'repeat') throw new Error('not a repeat');
  expect(decide(again.document, correction)).toEqual({ kind: 'outdated' });
});

test('a version that only a listing has told of learns its sequencer from its event', () => {
  const listed = decideArrival(null, anArrival({ sequencer: '' }), NOW, true);
  if (listed.kind !== 'new') throw new Error('not new');
  expect(decide(listed.document)).toMatchObject({ kind: 'known', document: aFile(aVersion()) });
});

test('content whose bytes were deleted before they were read is new when it is put again', () => {
  const missing = aVersion({ state: 'rejected', reason: { code: 'missing_object', detail: 'gone' } });
  const again = { versionId: 'v2', sequencer: '20' };
  expect(decide(aFile(missing), again)).toMatchObject({ kind: 'new', version: 2 });
  const unreadable = aVersion({ state: 'rejected', reason: { code: 'missing_column', detail: 'user_id' } });
  expect(decide(aFile(unreadable), again)).toMatchObject({ kind: 'repeat' });
});

test('a repeat of content whose bytes are gone is new where it is still there, and known where it is not', () => {
  const reason = { code: 'missing_object', detail: 'gone' };
  const missing = aFile(aVersion({ state: 'rejected', reason, repeats: ['v2'] }));
  const again = anArrival({ versionId: 'v2', sequencer: '20' });
  expect(decideArrival(missing, again, NOW, true)).toMatchObject({ kind: 'new', version: 2 });
  expect(decideArrival(missing, again, NOW)).toMatchObject({ kind: 'known', version: 1 });
});

test('after replays a correction has the next content number, and a repeat belongs to what was validated last', () => {
  const validated = aFile(aVersion({ state: 'archived' }), aReplayedVersion(2));
  expect(decide(validated, correction)).toMatchObject({
    kind: 'new',
    version: 3,
    document: { versions: [{}, {}, { version: 3, content_version: 2, replay: null }] },
  });
  expect(decide(validated, { versionId: 'v2', sequencer: '20' })).toMatchObject({
    kind: 'repeat',
    archived: true,
    document: { versions: [{ repeats: [] }, { repeats: ['v2'] }] },
  });
});

test('a replay that was rejected said nothing: repeats belong to what it was to reprocess', () => {
  const reason = { code: 'missing_object', detail: 'gone' };
  const file = aFile(aVersion({ state: 'archived' }), aReplayedVersion(2, { state: 'rejected', reason }));
  expect(decide(file, { versionId: 'v2', sequencer: '20' })).toMatchObject({
    kind: 'repeat',
    document: { versions: [{ repeats: ['v2'] }, { repeats: [] }] },
  });
  expect(decide(file)).toMatchObject({ kind: 'known', version: 1 });
});

test('sequencers are compared as hex padded on the right', () => {
  expect(isOlder('0A', '0a1')).toBe(true);
  expect(isOlder('0A', '0a0')).toBe(false);
  expect(isOlder('0B', '0a1')).toBe(false);
});
