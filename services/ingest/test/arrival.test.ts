import fc from 'fast-check';
import { decideArrival, isOlder } from '../src/domain/arrival.ts';
import { aFile, anArrival, aVersion, NOW } from './support/records.ts';

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
  for (const state of ['running', 'validated', 'archived', 'held', 'refused'] as const) {
    expect(decide(aFile(aVersion({ state })), correction)).toMatchObject({ document: { versions: [{ state }, {}] } });
  }
});

test('an older version whose event comes late is outdated', () => {
  expect(decide(aFile(aVersion()), { versionId: 'v0', etag: 'content-0', sequencer: '0F' })).toEqual({
    kind: 'outdated',
  });
});

test('content that was put again after another stands, though the other is told of last', () => {
  const decision = decide(aFile(aVersion()), { versionId: 'v3', sequencer: '30' });
  if (decision.kind !== 'repeat') throw new Error('not a repeat');
  expect(decide(decision.document, correction)).toEqual({ kind: 'outdated' });
});

test('sequencers are compared as hex padded on the right', () => {
  expect(isOlder('0A', '0a1')).toBe(true);
  expect(isOlder('0A', '0a0')).toBe(false);
  expect(isOlder('0B', '0a1')).toBe(false);
});

test('whatever the order and repetition of its events, the content of the newest version stands', () => {
  const contents = fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 6 });
  const withOrder = contents.chain((etags) => {
    const all = etags.map((_, i) => i);
    const repeats = fc.array(fc.constantFrom(...all), { maxLength: 4 });
    return repeats
      .chain((more) => fc.shuffledSubarray([...all, ...more], { minLength: all.length + more.length }))
      .map((order) => ({ etags, order }));
  });
  fc.assert(
    fc.property(withOrder, ({ etags, order }) => {
      let document = null;
      for (const i of order) {
        const put = { versionId: `v${i}`, etag: etags[i] ?? '', sequencer: `${i + 10}` };
        const decision = decideArrival(document, anArrival(put), NOW);
        if (decision.kind === 'new' || decision.kind === 'repeat') document = decision.document;
      }
      expect(document?.versions.at(-1)?.etag).toBe(etags.at(-1));
      expect(document?.versions.map(({ version }) => version)).toEqual(document?.versions.map((_, i) => i + 1));
    }),
  );
});
