import { aFile, aVersion, NOW, OTHER_RUN, RUN } from '@music-etl/testing';
import { decideMembership } from '../src/domain/membership.ts';

const since = '2026-11-23T10:00:00.000Z';

test('a run claims the marked version if it is pending or waiting', () => {
  for (const state of ['pending', 'waiting'] as const) {
    const file = aFile(aVersion({ state: 'held' }), aVersion({ version: 2, version_id: 'v2', state }));
    for (const marked of [2, null]) {
      expect(decideMembership(file, marked, RUN, NOW)).toMatchObject({
        kind: 'claim',
        file: { version: 2, version_id: 'v2' },
        document: { versions: [{ state: 'held' }, { state: 'running', run_id: RUN, claimed_at: NOW.toISOString() }] },
      });
    }
  }
});

test('a run claims one version of a file, the oldest first, since its correction may be held', () => {
  const file = aFile(aVersion(), aVersion({ version: 2, version_id: 'v2' }));
  expect(decideMembership(file, 2, RUN, NOW)).toEqual({ kind: 'later' });
  const first = decideMembership(file, 1, RUN, NOW);
  expect(first).toMatchObject({ kind: 'claim', file: { version: 1 } });
  if (first.kind !== 'claim') throw new Error('not claimed');
  expect(decideMembership(first.document, 2, RUN, NOW)).toEqual({ kind: 'later' });
  expect(decideMembership(first.document, 2, OTHER_RUN, NOW)).toMatchObject({ kind: 'claim', file: { version: 2 } });
});

test('a version that another run has claimed is left to it, unless that run was never created', () => {
  const file = aFile(aVersion({ state: 'running', run_id: OTHER_RUN, claimed_at: since }));
  expect(decideMembership(file, 1, RUN, NOW)).toEqual({ kind: 'claimed', runId: OTHER_RUN, version: 1, since });
  expect(decideMembership(file, 1, RUN, NOW, OTHER_RUN)).toMatchObject({ kind: 'claim' });
});

test('a version that the run has claimed already is in it, though the answer to the write was lost', () => {
  const file = aFile(aVersion({ state: 'running', run_id: RUN, claimed_at: since }));
  expect(decideMembership(file, 1, RUN, NOW)).toMatchObject({ kind: 'member', file: { version: 1 } });
});

test('a version in a later state is not claimed', () => {
  for (const state of ['validated', 'archived', 'held', 'rejected', 'superseded'] as const) {
    expect(decideMembership(aFile(aVersion({ state })), 1, RUN, NOW)).toEqual({ kind: 'done' });
  }
  expect(decideMembership(aFile(), null, RUN, NOW)).toEqual({ kind: 'done' });
});
