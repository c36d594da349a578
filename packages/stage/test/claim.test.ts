import { aMessage, aStage, aStageRequest, aStartedStage, later, NOW } from '@music-etl/testing';
import { someLimits } from '@music-etl/testing/fake-stage';
import { decideClaim, deferred, started } from '../src/domain/claim.ts';

const limits = someLimits();
const decide = (document: Parameters<typeof decideClaim>[0], now = NOW, redriven: number | null = null) =>
  decideClaim(document, aStageRequest(redriven), 'start-9', now, limits);

test('a run that nobody has is claimed under its first attempt', () => {
  expect(decide(null)).toMatchObject({
    kind: 'claim',
    adopt: false,
    document: {
      state: 'claimed',
      attempt: 1,
      claimed_by: 'start-9',
      failures: 0,
      lease_expires_at: later(60).toISOString(),
    },
  });
});

test('a valid claim is left alone', () => {
  expect(decide(aStage(), later(59))).toMatchObject({ kind: 'leave' });
});

test('an expired claim is taken over under a new attempt, which looks for its Glue run first', () => {
  expect(decide(aStage(), later(60))).toMatchObject({ kind: 'claim', adopt: true, document: { attempt: 2 } });
});

test('a Glue run that has not ended is left alone, however long ago it was claimed', () => {
  expect(decide(aStartedStage(), later(9999))).toMatchObject({ kind: 'leave' });
});

test('a closed stage is left alone once its outbox was sent', () => {
  expect(decide(aStage({ state: 'closed' }))).toMatchObject({ kind: 'leave' });
  expect(decide(aStage({ state: 'closed', sent: false }))).toEqual({ kind: 'send' });
});

test('a deferred run is claimed under a new attempt, which looks for a Glue run that began all the same', () => {
  const since = later(-100).toISOString();
  const decision = decide(aStage({ state: 'deferred', attempt: 3, deferrals: 3, deferred_since: since }));
  expect(decision).toMatchObject({
    kind: 'claim',
    adopt: true,
    document: { attempt: 4, deferrals: 3, deferred_since: since },
  });
});

test('a claim that expired after a deferral keeps the time since the first deferral', () => {
  const since = later(-100).toISOString();
  const decision = decide(aStage({ deferrals: 3, deferred_since: since }), later(60));
  expect(decision).toMatchObject({ kind: 'claim', document: { deferrals: 3, deferred_since: since } });
});

test('a failed run is claimed for its next attempt and keeps its number of failures', () => {
  const decision = decide(aStage({ state: 'retrying', attempt: 2, failures: 2 }));
  expect(decision).toMatchObject({ kind: 'claim', document: { attempt: 3, failures: 2 } });
});

test('a redriven message begins without earlier failures and deferrals', () => {
  const dead = aStage({ state: 'dead', attempt: 3, failures: 3, deferrals: 5, deferred_since: NOW.toISOString() });
  expect(decide(dead, NOW, 3)).toMatchObject({
    kind: 'claim',
    document: { attempt: 4, failures: 0, deferrals: 0, deferred_since: null, error: null },
  });
  expect(decide({ ...dead, sent: false }, NOW, 3)).toEqual({ kind: 'send' });
});

test.each([null, 2, 4])('a dead run is not started by a duplicate or by the dead letter of attempt %s', (redriven) => {
  expect(decide(aStage({ state: 'dead', attempt: 3 }), NOW, redriven)).toMatchObject({ kind: 'leave' });
});

test('the first message that requested a run is kept', () => {
  const first = { ...aMessage(), requested_at: '2026-11-20T00:00:00.000Z' };
  expect(decide(aStage({ state: 'retrying', message: first }))).toMatchObject({ document: { message: first } });
});

test('an adopted Glue run never gives its attempt number back to a later claim', () => {
  expect(started(aStage({ attempt: 3 }), 'jr_1', NOW)).toMatchObject({
    state: 'started',
    attempt: 3,
    job_run_id: 'jr_1',
  });
});

test('a deferral sends the message back with a growing delay', () => {
  const once = deferred(aStage(), 'at capacity', NOW, limits, () => 1);
  const twice = deferred({ ...once, state: 'claimed' }, 'at capacity', later(10), limits, () => 1);
  expect(once).toMatchObject({ state: 'deferred', deferrals: 1, deferred_since: NOW.toISOString(), sent: false });
  expect(once.outbox).toEqual([{ kind: 'request', message: aMessage(), delay_seconds: 10 }]);
  expect(twice).toMatchObject({ deferrals: 2, deferred_since: NOW.toISOString(), outbox: [{ delay_seconds: 20 }] });
});

test('a deferral that has lasted too long makes a dead-letter message that says so', () => {
  const claimed = aStage({ deferrals: 40, deferred_since: later(-3601).toISOString() });
  expect(deferred(claimed, 'ConcurrentRunsExceeded', NOW, limits, () => 1)).toMatchObject({
    state: 'dead',
    sent: false,
    outbox: [{ kind: 'dead_letter', attempt: 1, reason: 'no capacity for 3600 seconds', job_run_id: null }],
  });
});
