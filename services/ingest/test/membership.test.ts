import { decideMembership } from '../src/domain/membership.ts';
import { aFile, aVersion, NOW, OTHER_RUN, RUN } from './support/records.ts';

const since = '2026-11-23T10:00:00.000Z';

test('a run takes the newest version of a file that is pending or waiting', () => {
  for (const state of ['pending', 'waiting'] as const) {
    const decision = decideMembership(aFile(aVersion(), aVersion({ version: 2, version_id: 'v2', state })), RUN, NOW);
    expect(decision).toMatchObject({
      kind: 'take',
      file: { version: 2, version_id: 'v2' },
      document: { versions: [{ state: 'pending' }, { state: 'running', run_id: RUN, claimed_at: NOW.toISOString() }] },
    });
  }
});

test('what another run has is left to it, unless that run never came to be', () => {
  const file = aFile(aVersion({ state: 'running', run_id: OTHER_RUN, claimed_at: since }));
  expect(decideMembership(file, RUN, NOW)).toEqual({ kind: 'taken', runId: OTHER_RUN, version: 1, since });
  expect(decideMembership(file, RUN, NOW, OTHER_RUN)).toMatchObject({ kind: 'take' });
});

test('what the run has taken already is in it, though the answer to the write was lost', () => {
  const file = aFile(aVersion({ state: 'running', run_id: RUN, claimed_at: since }));
  expect(decideMembership(file, RUN, NOW)).toMatchObject({ kind: 'mine', file: { version: 1 } });
});

test('a file that has been worked on has nothing to take', () => {
  for (const state of ['validated', 'archived', 'held', 'refused', 'superseded'] as const) {
    expect(decideMembership(aFile(aVersion({ state })), RUN, NOW)).toEqual({ kind: 'over' });
  }
  expect(decideMembership(aFile(), RUN, NOW)).toEqual({ kind: 'over' });
});
