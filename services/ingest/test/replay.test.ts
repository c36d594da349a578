import type { FileVersion } from '@music-etl/contracts';
import { decideReplay } from '../src/domain/replay.ts';
import { aFile, anArrival, aReplay, aReplayedVersion, aVersion, NOW, OTHER_RUN, RUN } from './support/records.ts';

const COPY = 'archived/2026/11/23/run/raw/streams/2018-11-15.csv';
const archived = (changes: Partial<FileVersion> = {}) =>
  aVersion({
    state: 'archived',
    archived_to: COPY,
    ledger: { read: 1, accepted: 1, quarantined: {}, duplicate: 0 },
    ...changes,
  });

const decide = (
  versions: readonly FileVersion[],
  changes: Parameters<typeof aReplay>[0] = {},
  lost: string | null = null,
) => decideReplay(aFile(...versions), aReplay(changes), RUN, NOW, lost);

test('an archived version is reprocessed as a further version of the same content, read from the archive', () => {
  const { versionId: version_id, etag, sequencer, size } = anArrival();
  expect(decide([archived({ repeats: ['v1b'] })])).toEqual({
    kind: 'take',
    file: {
      file_id: aFile().file_id,
      key: aFile().key,
      version: 2,
      version_id,
      etag,
      size,
      arrived_at: NOW.toISOString(),
      replay: aReplay({ accept: true }),
      raw: { key: COPY, version_id: null },
    },
    document: aFile(
      archived({ repeats: ['v1b'] }),
      aVersion({
        version: 2,
        content_version: 1,
        replay: aReplay({ accept: true }),
        version_id,
        etag,
        sequencer,
        size,
        state: 'running',
        run_id: RUN,
        claimed_at: NOW.toISOString(),
      }),
    ),
  });
});

test('a held version is read from where it lies, and stands only if that was asked for', () => {
  const held = aVersion({ state: 'held' });
  expect(decide([held])).toMatchObject({ kind: 'take', file: { raw: null, replay: { accept: false } } });
  expect(decide([held], { accept: true })).toMatchObject({ kind: 'take', file: { replay: { accept: true } } });
});

test('the number counts validations, the content keeps its own', () => {
  const versions = [archived(), aVersion({ version: 2, state: 'held' }), archived({ version: 3, content_version: 2 })];
  expect(
    decide([...versions.slice(0, 2), aReplayedVersion(3, { content_version: 2, replay: aReplay({ of: 2 }) })], {
      of: 3,
      cause: 'request:1',
    }),
  ).toMatchObject({
    document: { versions: [{}, {}, {}, { version: 4, content_version: 2, replay: { of: 3 } }] },
  });
});

test('what is not validated yet, or about to move to the archive, is reprocessed later', () => {
  for (const state of ['pending', 'waiting', 'running', 'validated'] as const) {
    expect(decide([aVersion({ state })])).toEqual({ kind: 'later' });
  }
});

test('a validation of archived content is reprocessed from the archive, though itself is not archived yet', () => {
  const validated = aReplayedVersion(2, { state: 'validated' });
  expect(decide([archived(), validated], { of: 2, cause: 'request:1' })).toMatchObject({
    kind: 'take',
    file: { version: 3, raw: { key: COPY }, replay: { of: 2, accept: true } },
  });
});

test('new content makes it void, whatever became of that content', () => {
  for (const state of ['held', 'archived'] as const) {
    const correction = aVersion({ version: 2, version_id: 'v2', state });
    expect(decide([archived(), correction])).toMatchObject({ kind: 'overtaken', why: expect.stringContaining('2') });
  }
});

test('new content that is not validated yet lets it wait: it may be rejected', () => {
  for (const state of ['pending', 'waiting', 'running'] as const) {
    expect(decide([archived(), aVersion({ version: 2, version_id: 'v2', state })])).toEqual({ kind: 'later' });
  }
});

test('new content that was rejected voids nothing: what it was to replace goes on, and counts', () => {
  const rejected = aVersion({ version: 2, version_id: 'v2', state: 'rejected' });
  expect(decide([archived(), rejected])).toMatchObject({ kind: 'take', file: { version: 3, replay: { of: 1 } } });
});

test('an erasure is asked of what stands below held or rejected content, but not while newer content is in hand', () => {
  const asked = { cause: 'erasure:20181201T000000000-0000000e' };
  const above = (state: FileVersion['state']) => [archived(), aVersion({ version: 2, version_id: 'v2', state })];
  for (const state of ['held', 'rejected'] as const) {
    expect(decide(above(state), asked)).toMatchObject({
      kind: 'take',
      file: { version: 3, replay: { of: 1, accept: true } },
    });
  }
  for (const state of ['pending', 'running'] as const) {
    expect(decide(above(state), asked)).toEqual({ kind: 'later' });
  }
  expect(decide(above('archived'), asked)).toMatchObject({ kind: 'overtaken' });
  const validated = archived({ version: 3, content_version: 1, replay: aReplay(asked) });
  expect(decide([...above('held'), validated], { ...asked, of: 2 })).toMatchObject({
    kind: 'take',
    file: { version: 4, replay: { of: 2, accept: false } },
  });
});

test('what does not stand and is not held is not reprocessed', () => {
  for (const state of ['rejected', 'superseded'] as const) {
    expect(decide([aVersion({ state })])).toMatchObject({ kind: 'overtaken' });
  }
  expect(decide([archived()], { of: 7 })).toMatchObject({ kind: 'overtaken' });
});

test('a replay that was rejected said nothing', () => {
  const rejected = aReplayedVersion(2, { state: 'rejected' });
  expect(decide([archived(), rejected], { cause: 'request:1' })).toMatchObject({
    kind: 'take',
    file: { version: 3, replay: { of: 1 } },
  });
});

test('what is asked of a version while it is reprocessed for another cause waits, and is then asked of that validation', () => {
  const asked = { cause: 'request:1', patches_key: 'processed/patches/a.jsonl' };
  expect(decide([archived(), aReplayedVersion(2, { state: 'running', run_id: OTHER_RUN })], asked)).toEqual({
    kind: 'later',
  });
  expect(decide([archived(), aReplayedVersion(2)], asked)).toMatchObject({
    kind: 'take',
    file: { version: 3, replay: { ...asked, of: 2 } },
  });
});

test('asked twice for the same cause it is validated once', () => {
  expect(decide([archived(), aReplayedVersion(2)])).toEqual({ kind: 'over' });
  expect(decide([archived(), aReplayedVersion(2)], { of: 2 })).toEqual({ kind: 'over' });
});

test('a replay that a run has taken is found again: it is that run’s, or taken over from one that never came to be', () => {
  const running = (run_id: string) => [
    archived(),
    aReplayedVersion(2, { state: 'running', run_id, claimed_at: NOW.toISOString() }),
  ];
  expect(decide(running(RUN))).toMatchObject({ kind: 'mine', file: { version: 2, raw: { key: COPY } } });
  expect(decide(running(OTHER_RUN))).toMatchObject({ kind: 'taken', runId: OTHER_RUN, version: 2 });
  expect(decide(running(OTHER_RUN), {}, OTHER_RUN)).toMatchObject({
    kind: 'take',
    document: { versions: [{}, { version: 2, run_id: RUN }] },
  });
});
