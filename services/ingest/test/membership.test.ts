import { decideMembership } from '../src/domain/membership.ts';
import { aFile, aVersion, NOW, OTHER_RUN, RUN } from './support/records.ts';

const since = '2026-11-23T10:00:00.000Z';

test('a run takes the version that a marker stands for, when it is pending or waits', () => {
  for (const state of ['pending', 'waiting'] as const) {
    const file = aFile(aVersion({ state: 'held' }), aVersion({ version: 2, version_id: 'v2', state }));
    for (const marked of [2, null]) {
      expect(decideMembership(file, marked, RUN, NOW)).toMatchObject({
        kind: 'take',
        file: { version: 2, version_id: 'v2' },
        document: { versions: [{ state: 'held' }, { state: 'running', run_id: RUN, claimed_at: NOW.toISOString() }] },
      });
    }
  }
});

test('a run takes one version of a file, the oldest first, since a correction may turn out to be held', () => {
  const file = aFile(aVersion(), aVersion({ version: 2, version_id: 'v2' }));
  expect(decideMembership(file, 2, RUN, NOW)).toEqual({ kind: 'later' });
  const first = decideMembership(file, 1, RUN, NOW);
  expect(first).toMatchObject({ kind: 'take', file: { version: 1 } });
  if (first.kind !== 'take') throw new Error('not taken');
  expect(decideMembership(first.document, 2, RUN, NOW)).toEqual({ kind: 'later' });
  expect(decideMembership(first.document, 2, OTHER_RUN, NOW)).toMatchObject({ kind: 'take', file: { version: 2 } });
});

test('what another run has is left to it, unless that run never came to be', () => {
  const file = aFile(aVersion({ state: 'running', run_id: OTHER_RUN, claimed_at: since }));
  expect(decideMembership(file, 1, RUN, NOW)).toEqual({ kind: 'taken', runId: OTHER_RUN, version: 1, since });
  expect(decideMembership(file, 1, RUN, NOW, OTHER_RUN)).toMatchObject({ kind: 'take' });
});

test('what the run has taken already is in it, though the answer to the write was lost', () => {
  const file = aFile(aVersion({ state: 'running', run_id: RUN, claimed_at: since }));
  expect(decideMembership(file, 1, RUN, NOW)).toMatchObject({ kind: 'mine', file: { version: 1 } });
});

test('a file that has been worked on has nothing to take', () => {
  for (const state of ['validated', 'archived', 'held', 'rejected', 'superseded'] as const) {
    expect(decideMembership(aFile(aVersion({ state })), 1, RUN, NOW)).toEqual({ kind: 'over' });
  }
  expect(decideMembership(aFile(), null, RUN, NOW)).toEqual({ kind: 'over' });
});
