import type { FileVersion } from '@music-etl/contracts';
import { aFile, aReplay, aReplayedVersion, aVersion, NOW, OTHER_RUN, RUN } from '@music-etl/testing';
import { decideReplay } from '../src/domain/replay.ts';
import { anArrival } from './support/arrivals.ts';

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
    kind: 'claim',
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

test('a version on hold is read under streams/, and accepted only if the request says so', () => {
  const held = aVersion({ state: 'held' });
  expect(decide([held])).toMatchObject({ kind: 'claim', file: { raw: null, replay: { accept: false } } });
  expect(decide([held], { accept: true })).toMatchObject({ kind: 'claim', file: { replay: { accept: true } } });
});

test('a replay gets the next version number and keeps its content number', () => {
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

test('a version that is not validated yet, or not archived yet, is reprocessed later', () => {
  for (const state of ['pending', 'waiting', 'running', 'validated'] as const) {
    expect(decide([aVersion({ state })])).toEqual({ kind: 'later' });
  }
});

test('a replay of archived content is reprocessed from the archive before it is archived itself', () => {
  const validated = aReplayedVersion(2, { state: 'validated' });
  expect(decide([archived(), validated], { of: 2, cause: 'request:1' })).toMatchObject({
    kind: 'claim',
    file: { version: 3, raw: { key: COPY }, replay: { of: 2, accept: true } },
  });
});

test('newer content that is held or archived makes a replay void', () => {
  for (const state of ['held', 'archived'] as const) {
    const correction = aVersion({ version: 2, version_id: 'v2', state });
    expect(decide([archived(), correction])).toMatchObject({ kind: 'void', why: expect.stringContaining('2') });
  }
});

test('newer content that is not validated yet defers a replay, since it may be rejected', () => {
  for (const state of ['pending', 'waiting', 'running'] as const) {
    expect(decide([archived(), aVersion({ version: 2, version_id: 'v2', state })])).toEqual({ kind: 'later' });
  }
});

test('newer content that was rejected does not make a replay void', () => {
  const rejected = aVersion({ version: 2, version_id: 'v2', state: 'rejected' });
  expect(decide([archived(), rejected])).toMatchObject({ kind: 'claim', file: { version: 3, replay: { of: 1 } } });
});

test('an erasure reprocesses the current version below held or rejected, not below pending content', () => {
  const request = { cause: 'erasure:20181201T000000000-0000000e' };
  const above = (state: FileVersion['state']) => [archived(), aVersion({ version: 2, version_id: 'v2', state })];
  for (const state of ['held', 'rejected'] as const) {
    expect(decide(above(state), request)).toMatchObject({
      kind: 'claim',
      file: { version: 3, replay: { of: 1, accept: true } },
    });
  }
  for (const state of ['pending', 'running'] as const) {
    expect(decide(above(state), request)).toEqual({ kind: 'later' });
  }
  expect(decide(above('archived'), request)).toMatchObject({ kind: 'void' });
  const validated = archived({ version: 3, content_version: 1, replay: aReplay(request) });
  expect(decide([...above('held'), validated], { ...request, of: 2 })).toMatchObject({
    kind: 'claim',
    file: { version: 4, replay: { of: 2, accept: false } },
  });
});

test('rejected, superseded and unknown versions are not reprocessed', () => {
  for (const state of ['rejected', 'superseded'] as const) {
    expect(decide([aVersion({ state })])).toMatchObject({ kind: 'void' });
  }
  expect(decide([archived()], { of: 7 })).toMatchObject({ kind: 'void' });
});

test('after a rejected replay, the version that it was to reprocess can be replayed', () => {
  const rejected = aReplayedVersion(2, { state: 'rejected' });
  expect(decide([archived(), rejected], { cause: 'request:1' })).toMatchObject({
    kind: 'claim',
    file: { version: 3, replay: { of: 1 } },
  });
});

test('a replay waits while another one runs, and then reprocesses the version that it made', () => {
  const request = { cause: 'request:1', patches_key: 'processed/patches/a.jsonl' };
  expect(decide([archived(), aReplayedVersion(2, { state: 'running', run_id: OTHER_RUN })], request)).toEqual({
    kind: 'later',
  });
  expect(decide([archived(), aReplayedVersion(2)], request)).toMatchObject({
    kind: 'claim',
    file: { version: 3, replay: { ...request, of: 2 } },
  });
});

test('two requests with the same cause reprocess a version once', () => {
  expect(decide([archived(), aReplayedVersion(2)])).toEqual({ kind: 'done' });
  expect(decide([archived(), aReplayedVersion(2)], { of: 2 })).toEqual({ kind: 'done' });
});

test('a claimed replay is found again, and is taken over from a run that was never created', () => {
  const running = (run_id: string) => [
    archived(),
    aReplayedVersion(2, { state: 'running', run_id, claimed_at: NOW.toISOString() }),
  ];
  expect(decide(running(RUN))).toMatchObject({ kind: 'member', file: { version: 2, raw: { key: COPY } } });
  expect(decide(running(OTHER_RUN))).toMatchObject({ kind: 'claimed', runId: OTHER_RUN, version: 2 });
  expect(decide(running(OTHER_RUN), {}, OTHER_RUN)).toMatchObject({
    kind: 'claim',
    document: { versions: [{}, { version: 2, run_id: RUN }] },
  });
});
