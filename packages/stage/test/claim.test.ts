import { decideClaim, deferred, started } from '../src/domain/claim.ts';
import { aMessage, aStage, aStartedStage, later, NOW, someLimits } from './support/records.ts';

const limits = someLimits();
const decide = (document: Parameters<typeof decideClaim>[0], now = NOW) =>
  decideClaim(document, aMessage(), 'start-9', now, limits);

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

test('a living claim is left alone', () => {
  expect(decide(aStage(), later(59))).toMatchObject({ kind: 'leave' });
});

test('a claim whose lease is over is taken over under a new attempt, looking for its Glue run first', () => {
  expect(decide(aStage(), later(60))).toMatchObject({ kind: 'claim', adopt: true, document: { attempt: 2 } });
});

test('a Glue run under way is left alone, however long ago it was claimed', () => {
  expect(decide(aStartedStage(), later(9999))).toMatchObject({ kind: 'leave' });
});

test('a closed stage is left alone once what follows was sent', () => {
  expect(decide(aStage({ state: 'closed' }))).toMatchObject({ kind: 'leave' });
  expect(decide(aStage({ state: 'closed', sent: false }))).toEqual({ kind: 'send' });
});

test('after a at capacity the claim gets a new attempt and looks for a Glue run that began all the same', () => {
  const since = later(-100).toISOString();
  const decision = decide(aStage({ state: 'deferred', attempt: 3, deferrals: 3, deferred_since: since }));
  expect(decision).toMatchObject({
    kind: 'claim',
    adopt: true,
    document: { attempt: 4, deferrals: 3, deferred_since: since },
  });
});

test('a claim that died after a at capacity keeps counting how long it was put off', () => {
  const since = later(-100).toISOString();
  const decision = decide(aStage({ deferrals: 3, deferred_since: since }), later(60));
  expect(decision).toMatchObject({ kind: 'claim', document: { deferrals: 3, deferred_since: since } });
});

test('a failed run is claimed for its next attempt and remembers its failures', () => {
  const decision = decide(aStage({ state: 'retrying', attempt: 2, failures: 2 }));
  expect(decision).toMatchObject({ kind: 'claim', document: { attempt: 3, failures: 2 } });
});

test('a redriven letter begins with a fresh budget of failures and of patience', () => {
  const dead = aStage({ state: 'dead', attempt: 3, failures: 3, deferrals: 5, deferred_since: NOW.toISOString() });
  expect(decide(dead)).toMatchObject({
    kind: 'claim',
    document: { attempt: 4, failures: 0, deferrals: 0, deferred_since: null, error: null },
  });
  expect(decide({ ...dead, sent: false })).toEqual({ kind: 'send' });
});

test('the message that first asked for a run is the one that is kept', () => {
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

test('a at capacity sends the message back with a growing delay', () => {
  const once = deferred(aStage(), 'full', NOW, limits, () => 1);
  const twice = deferred({ ...once, state: 'claimed' }, 'full', later(10), limits, () => 1);
  expect(once).toMatchObject({ state: 'deferred', deferrals: 1, deferred_since: NOW.toISOString(), sent: false });
  expect(once.outbox).toEqual([{ kind: 'request', message: aMessage(), delay_seconds: 10 }]);
  expect(twice).toMatchObject({ deferrals: 2, deferred_since: NOW.toISOString(), outbox: [{ delay_seconds: 20 }] });
});

test('a house that stays full too long makes a dead letter that says so', () => {
  const claimed = aStage({ deferrals: 40, deferred_since: later(-3601).toISOString() });
  expect(deferred(claimed, 'ConcurrentRunsExceeded', NOW, limits, () => 1)).toMatchObject({
    state: 'dead',
    sent: false,
    outbox: [{ kind: 'dead_letter', message: aMessage(), reason: 'no capacity for 3600 seconds', job_run_id: null }],
  });
});
