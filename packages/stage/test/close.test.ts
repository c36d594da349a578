import { requestStage } from '@music-etl/contracts';
import { aMessage, aStage, aStartedStage, NOW, RUN } from '@music-etl/testing';
import { aJobRun } from '@music-etl/testing/fake-jobs';
import { someLimits } from '@music-etl/testing/fake-stage';
import { decideClose, type Outcome } from '../src/domain/close.ts';

const next = [{ kind: 'request', message: requestStage('kpi', RUN, NOW), delay_seconds: 0 }] as const;
const decide = (document: Parameters<typeof decideClose>[0], job = aJobRun(), outcome: Outcome = null) =>
  decideClose(document, job, outcome, NOW, someLimits(), () => 1);

test('a committed result closes the stage and puts the next request into the outbox', () => {
  expect(decide(aStartedStage(), aJobRun(), { next })).toMatchObject({
    kind: 'change',
    document: { state: 'closed', job_state: 'SUCCEEDED', outbox: next, sent: false, error: null },
  });
});

test('a Glue run that committed and then died closes the stage', () => {
  const decision = decide(aStartedStage(), aJobRun({ state: 'TIMEOUT' }), { next });
  expect(decision).toMatchObject({ kind: 'change', document: { state: 'closed', job_state: 'TIMEOUT' } });
});

test('a Glue run that succeeded without a result counts as failed', () => {
  expect(decide(aStartedStage())).toMatchObject({
    kind: 'change',
    document: { state: 'retrying', failures: 1, error: 'the Glue run ended as SUCCEEDED without a result' },
  });
});

test('a failed Glue run is requested again, with a delay', () => {
  expect(decide(aStartedStage(), aJobRun({ state: 'FAILED', error: 'boom' }))).toMatchObject({
    document: {
      state: 'retrying',
      error: 'boom',
      outbox: [{ kind: 'request', message: aMessage(), delay_seconds: 10 }],
    },
  });
});

test('the last failure makes a dead-letter message with the reason, the Glue run and its error', () => {
  const decision = decide(aStartedStage({ failures: 2 }), aJobRun({ state: 'FAILED', error: 'boom' }));
  expect(decision).toMatchObject({
    document: {
      state: 'dead',
      outbox: [
        { kind: 'dead_letter', message: aMessage(), reason: 'failed 3 times', job_run_id: 'jr_1', error: 'boom' },
      ],
    },
  });
});

test('a Glue run that a person stopped is not started again', () => {
  expect(decide(aStartedStage(), aJobRun({ state: 'STOPPED' }))).toMatchObject({ document: { state: 'dead' } });
});

test('a repeated event changes nothing, and sends an outbox that was not sent', () => {
  expect(decide(aStage({ state: 'closed' }), aJobRun(), { next })).toMatchObject({ kind: 'leave' });
  expect(decide(aStage({ state: 'closed', sent: false }), aJobRun(), { next })).toEqual({ kind: 'send' });
  expect(decide(aStage({ state: 'retrying', sent: false }), aJobRun({ state: 'FAILED' }))).toEqual({ kind: 'send' });
  expect(decide(aStage({ state: 'dead' }), aJobRun({ state: 'FAILED' }))).toMatchObject({ kind: 'leave' });
});

test('the failure of a Glue run that the stage does not wait for changes nothing', () => {
  const other = aJobRun({ id: 'jr_0', state: 'FAILED' });
  expect(decide(aStartedStage(), other)).toMatchObject({ kind: 'leave' });
  expect(decide(aStage({ attempt: 2 }), other)).toMatchObject({ kind: 'leave' });
});

test('the failure of an adopted Glue run counts, though its attempt is older than the claim', () => {
  const decision = decide(aStartedStage({ attempt: 3 }), aJobRun({ attempt: 1, state: 'FAILED' }));
  expect(decision).toMatchObject({ document: { state: 'retrying', attempt: 3 } });
});

test('a Glue run that failed before its start recorded it counts as a failure of the claim', () => {
  expect(decide(aStage(), aJobRun({ state: 'FAILED' }))).toMatchObject({
    document: { state: 'retrying', job_run_id: 'jr_1' },
  });
});

test('a result closes a stage that is dead, retrying or deferred', () => {
  for (const state of ['dead', 'retrying', 'deferred'] as const) {
    expect(decide(aStage({ state }), aJobRun({ id: 'jr_0' }), { next })).toMatchObject({
      document: { state: 'closed' },
    });
  }
});

test('the end of a Glue run without a claim changes nothing', () => {
  expect(decide(null)).toMatchObject({ kind: 'leave' });
});
