import { aFile, aReplayedVersion, aVersion, NOW } from '@music-etl/testing';
import { decideArrival, isOlder } from '../src/domain/arrival.ts';
import { anArrival } from './support/arrivals.ts';

const decide = (document: Parameters<typeof decideArrival>[0], changes: Parameters<typeof anArrival>[0] = {}) =>
  decideArrival(document, anArrival(changes), NOW);
const correction = { versionId: 'v2', etag: 'content-2', sequencer: '20' };

test('the first arrival of a key is version 1 of a new file', () => {
  expect(decide(null)).toEqual({ kind: 'new', version: 1, document: aFile(aVersion()) });
});

test('a repeated event is known', () => {
  expect(decide(aFile(aVersion()))).toMatchObject({ kind: 'known', version: 1, pending: true });
  expect(decide(aFile(aVersion({ state: 'running' })))).toMatchObject({ kind: 'known', pending: false });
});

test('the same content under a new version id is a repeat, recorded once', () => {
  const decision = decide(aFile(aVersion()), { versionId: 'v2', sequencer: '20' });
  expect(decision).toMatchObject({ kind: 'repeat', archived: false, document: { versions: [{ repeats: ['v2'] }] } });
  const recorded = aFile(aVersion({ state: 'archived', repeats: ['v2'] }));
  expect(decide(recorded, { versionId: 'v2' })).toMatchObject({ kind: 'known', archivedRepeat: true });
});

test('other content is a correction, and comes after the version before it', () => {
  expect(decide(aFile(aVersion()), correction)).toMatchObject({
    kind: 'new',
    version: 2,
    document: { versions: [{ state: 'pending' }, { version: 2, state: 'pending', etag: 'content-2' }] },
  });
});

test('a correction does not change the state of the version before it', () => {
  for (const state of ['running', 'validated', 'archived', 'held', 'rejected'] as const) {
    expect(decide(aFile(aVersion({ state })), correction)).toMatchObject({ document: { versions: [{ state }, {}] } });
  }
});

test('a version that is gone from S3 is outdated if its event comes after a newer event', () => {
  expect(decide(aFile(aVersion()), { versionId: 'v0', etag: 'content-0', sequencer: '0F' })).toEqual({
    kind: 'outdated',
  });
  const again = decide(aFile(aVersion()), { versionId: 'v3', sequencer: '30' });
  if (again.kind !== 'repeat') throw new Error('not a repeat');
  expect(decide(again.document, correction)).toEqual({ kind: 'outdated' });
});

test('a version from a listing gets its sequencer from its event', () => {
  const listed = decideArrival(null, anArrival({ sequencer: '' }), NOW, true);
  if (listed.kind !== 'new') throw new Error('not new');
  expect(decide(listed.document)).toMatchObject({ kind: 'known', document: aFile(aVersion()) });
});

test('content that was deleted before it was read is new when it is put again', () => {
  const missing = aVersion({ state: 'rejected', reason: { code: 'missing_object', detail: 'gone' } });
  const again = { versionId: 'v2', sequencer: '20' };
  expect(decide(aFile(missing), again)).toMatchObject({ kind: 'new', version: 2 });
  const unreadable = aVersion({ state: 'rejected', reason: { code: 'missing_column', detail: 'user_id' } });
  expect(decide(aFile(unreadable), again)).toMatchObject({ kind: 'repeat' });
});

test('a repeat of deleted content is new if it is still listed, and known if it is not', () => {
  const reason = { code: 'missing_object', detail: 'gone' };
  const missing = aFile(aVersion({ state: 'rejected', reason, repeats: ['v2'] }));
  const again = anArrival({ versionId: 'v2', sequencer: '20' });
  expect(decideArrival(missing, again, NOW, true)).toMatchObject({ kind: 'new', version: 2 });
  expect(decideArrival(missing, again, NOW)).toMatchObject({ kind: 'known', version: 1 });
});

test('after replays a correction has the next content number, and a repeat belongs to the latest version', () => {
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

test('after a rejected replay, repeats belong to the version that it was to reprocess', () => {
  const reason = { code: 'missing_object', detail: 'gone' };
  const file = aFile(aVersion({ state: 'archived' }), aReplayedVersion(2, { state: 'rejected', reason }));
  expect(decide(file, { versionId: 'v2', sequencer: '20' })).toMatchObject({
    kind: 'repeat',
    document: { versions: [{ repeats: ['v2'] }, { repeats: [] }] },
  });
  expect(decide(file)).toMatchObject({ kind: 'known', version: 1 });
});

test('sequencers are compared as hex digits, padded on the right', () => {
  expect(isOlder('0A', '0a1')).toBe(true);
  expect(isOlder('0A', '0a0')).toBe(false);
  expect(isOlder('0B', '0a1')).toBe(false);
});
