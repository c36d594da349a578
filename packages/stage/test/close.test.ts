import { requestStage } from '@music-etl/contracts';
import { decideClose, type Outcome } from '../src/domain/close.ts';
import { aJob, aMessage, aStage, aStartedStage, NOW, RUN, someLimits } from './support/records.ts';

const next = [{ kind: 'request', message: requestStage('kpi', RUN, NOW), delay_seconds: 0 }] as const;
const decide = (document: Parameters<typeof decideClose>[0], job = aJob(), outcome: Outcome = null) =>
  decideClose(document, job, outcome, NOW, someLimits(), () => 1);

test('a committed result closes the stage and owes what follows', () => {
  expect(decide(aStartedStage(), aJob(), { next })).toMatchObject({
    kind: 'change',
    document: { state: 'closed', job_state: 'SUCCEEDED', outbox: next, sent: false, error: null },
  });
});

test('a Glue run that committed and then died has done its work', () => {
  const decision = decide(aStartedStage(), aJob({ state: 'TIMEOUT' }), { next });
  expect(decision).toMatchObject({ kind: 'change', document: { state: 'closed', job_state: 'TIMEOUT' } });
});

test('a Glue run that succeeded without a result has failed', () => {
  expect(decide(aStartedStage())).toMatchObject({
    kind: 'change',
    document: { state: 'retrying', failures: 1, error: 'the Glue run ended as SUCCEEDED without a result' },
  });
});

test('a failure asks again, later', () => {
  expect(decide(aStartedStage(), aJob({ state: 'FAILED', error: 'boom' }))).toMatchObject({
    document: {
      state: 'retrying',
      error: 'boom',
      outbox: [{ kind: 'request', message: aMessage(), delay_seconds: 10 }],
    },
  });
});

test('the last failure makes a dead letter with the reason, the Glue run and its error', () => {
  const decision = decide(aStartedStage({ failures: 2 }), aJob({ state: 'FAILED', error: 'boom' }));
  expect(decision).toMatchObject({
    document: {
      state: 'dead',
      outbox: [
        { kind: 'dead_letter', message: aMessage(), reason: 'failed 3 times', job_run_id: 'jr_1', error: 'boom' },
      ],
    },
  });
});

test('what a person stopped is not started again', () => {
  expect(decide(aStartedStage(), aJob({ state: 'STOPPED' }))).toMatchObject({ document: { state: 'dead' } });
});

test('an end that is told again changes nothing, and sends what was not sent', () => {
  expect(decide(aStage({ state: 'closed' }), aJob(), { next })).toMatchObject({ kind: 'leave' });
  expect(decide(aStage({ state: 'closed', sent: false }), aJob(), { next })).toEqual({ kind: 'send' });
  expect(decide(aStage({ state: 'retrying', sent: false }), aJob({ state: 'FAILED' }))).toEqual({ kind: 'send' });
  expect(decide(aStage({ state: 'dead' }), aJob({ state: 'FAILED' }))).toMatchObject({ kind: 'leave' });
});

test('the failure of a Glue run that the stage does not wait for changes nothing', () => {
  const other = aJob({ id: 'jr_0', state: 'FAILED' });
  expect(decide(aStartedStage(), other)).toMatchObject({ kind: 'leave' });
  expect(decide(aStage({ attempt: 2 }), other)).toMatchObject({ kind: 'leave' });
});

test('the failure of an adopted Glue run counts, though its attempt is older than the claim', () => {
  const decision = decide(aStartedStage({ attempt: 3 }), aJob({ attempt: 1, state: 'FAILED' }));
  expect(decision).toMatchObject({ document: { state: 'retrying', attempt: 3 } });
});

test('a Glue run that failed before its start could note it is a failure of the claim', () => {
  expect(decide(aStage(), aJob({ state: 'FAILED' }))).toMatchObject({
    document: { state: 'retrying', job_run_id: 'jr_1' },
  });
});

test('a result closes the stage whatever it was given up for', () => {
  for (const state of ['dead', 'retrying', 'deferred'] as const) {
    expect(decide(aStage({ state }), aJob({ id: 'jr_0' }), { next })).toMatchObject({ document: { state: 'closed' } });
  }
});

test('a Glue run that no claim names is left alone', () => {
  expect(decide(null)).toMatchObject({ kind: 'leave' });
});
