import { Logger } from '@aws-lambda-powertools/logger';
import { activePrefix, stageKey } from '@music-etl/contracts';
import { aMessage, OTHER_RUN, RUN } from '@music-etl/testing';
import { STAGE_ENVIRONMENT } from '@music-etl/testing/environment';
import { aFakeStage } from '@music-etl/testing/fake-stage';
import { aContext, anSqsEvent } from '@music-etl/testing/lambda';
import type { DeadLetterReason } from '../src/domain/ports.ts';
import { createCompleteHandler } from '../src/handlers/complete.ts';
import type { HandlerDeps } from '../src/handlers/deps.ts';
import { parseEnvironment, StageEnvironment } from '../src/handlers/environment.ts';
import { createReconcileHandler } from '../src/handlers/reconcile.ts';
import { createStartHandler, requestHandler } from '../src/handlers/start.ts';

const aFunction = (changes: Partial<HandlerDeps> = {}) => {
  const world = aFakeStage();
  const inDlq: ({ readonly body: string } & DeadLetterReason)[] = [];
  const log = new Logger({ serviceName: 'test', logLevel: 'SILENT' });
  const sendToDlq = async (body: string, why: DeadLetterReason) => void inDlq.push({ body, ...why });
  const deps: HandlerDeps = { ...world.deps, log, sendToDlq, ...changes };
  return { ...world, deps, inDlq };
};

test('one bad message does not fail its neighbours', async () => {
  const { deps, documents, jobs } = aFunction();
  await documents.mark(stageKey(OTHER_RUN, 'validate'), { not: 'a stage' });
  const event = anSqsEvent(JSON.stringify(aMessage(OTHER_RUN)), 'no JSON', JSON.stringify(aMessage()));
  expect(await createStartHandler(deps)(event, aContext())).toEqual({ batchItemFailures: [{ itemIdentifier: 'm0' }] });
  expect(jobs.runs).toMatchObject([{ runId: RUN }]);
});

test('a batch of only failing messages fails each of them and not the function', async () => {
  const { deps, jobs } = aFunction();
  jobs.answer = new Error('Glue is not available');
  const event = anSqsEvent(JSON.stringify(aMessage()), JSON.stringify(aMessage(OTHER_RUN)));
  const { batchItemFailures } = await createStartHandler(deps)(event, aContext());
  expect(batchItemFailures).toHaveLength(2);
});

test('a malformed message, or one for another stage, goes to the DLQ at once, unchanged', async () => {
  const { deps, inDlq } = aFunction();
  const bodies = ['no JSON', '{}', JSON.stringify({ ...aMessage(), type: 'kpi.requested' })];
  const answer = await createStartHandler(deps)(anSqsEvent(...bodies), aContext());
  expect(answer).toEqual({ batchItemFailures: [] });
  expect(inDlq).toEqual(
    bodies.map((body) => ({ body, reason: 'malformed message', error: 'not a message of validate' })),
  );
});

test('a message that a handler finds impossible goes to the DLQ with its reason, its neighbours go on', async () => {
  const { deps, inDlq, jobs } = aFunction();
  const why = { reason: 'impossible request', error: 'a.csv version 1 is archived' };
  const handlers = [requestHandler(deps), async () => ({ sendToDlq: why })];
  const answer = await createStartHandler(deps, handlers)(anSqsEvent('{}', JSON.stringify(aMessage())), aContext());
  expect(answer).toEqual({ batchItemFailures: [] });
  expect(inDlq).toEqual([{ body: '{}', ...why }]);
  expect(jobs.runs).toMatchObject([{ runId: RUN }]);
});

test('a malformed message that could not be sent to the DLQ is delivered again', async () => {
  const sendToDlq = async () => Promise.reject(new Error('SQS is not available'));
  const { deps } = aFunction({ sendToDlq });
  const answer = await createStartHandler(deps)(anSqsEvent('no JSON'), aContext());
  expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'm0' }] });
});

test('a step after a batch may fail without the messages being delivered again', async () => {
  const { deps } = aFunction();
  const after = async () => Promise.reject(new Error('creating the run failed'));
  const handler = createStartHandler(deps, [requestHandler(deps)], after);
  expect(await handler(anSqsEvent(JSON.stringify(aMessage())), aContext())).toEqual({ batchItemFailures: [] });
});

const anEnd = (jobRunId: string, state = 'SUCCEEDED') => ({
  source: 'aws.glue',
  'detail-type': 'Glue Job State Change',
  detail: { jobName: 'music_streaming_validation', severity: 'INFO', state, jobRunId, message: '' },
});

test("the end of a Glue run is completed by the arguments of the Glue run, not the event's", async () => {
  const { deps, jobs, sent } = aFunction();
  await createStartHandler(deps)(anSqsEvent(JSON.stringify(aMessage())), aContext());
  jobs.end('jr_1', 'FAILED', 'boom');
  await createCompleteHandler(deps)(anEnd('jr_1'), aContext());
  expect(sent).toMatchObject([{ kind: 'request', message: { run_id: RUN } }]);
});

test('Glue runs of other jobs, and those that no run of the pipeline started, are ignored', async () => {
  const { deps, jobs, sent, documents } = aFunction();
  jobs.runs.push({ id: 'jr_of_a_person', runId: null, attempt: 0, state: 'SUCCEEDED', error: null });
  jobs.runs.push({ id: 'jr_unclaimed', runId: OTHER_RUN, attempt: 1, state: 'SUCCEEDED', error: null });
  for (const id of ['jr_foreign', 'jr_of_a_person', 'jr_unclaimed'])
    await createCompleteHandler(deps)(anEnd(id), aContext());
  expect(sent).toEqual([]);
  expect(documents.snapshot()).toEqual({});
});

test('an event that is not one of Glue is an error', async () => {
  const { deps } = aFunction();
  await expect(createCompleteHandler(deps)({ source: 'else' }, aContext())).rejects.toThrow();
});

test('the reconciler does its further work after the runs', async () => {
  const { deps } = aFunction();
  const followed: string[] = [];
  await createReconcileHandler(deps, async () => void followed.push('created'))({}, aContext());
  expect(followed).toEqual(['created']);
});

test('an error does not stop the further work of the reconciler, and is thrown at the end', async () => {
  const { deps, documents } = aFunction();
  await documents.mark(`${activePrefix(deps.definition.stage)}no-run.json`, {});
  const followed: string[] = [];
  const fails = async (): Promise<void> => {
    followed.push('failed');
    throw new Error('a marker cannot be read');
  };
  const handler = createReconcileHandler(deps, fails, async () => void followed.push('swept'));
  await expect(handler({}, aContext())).rejects.toThrow(/1 runs failed to reconcile.*a marker cannot be read/);
  expect(followed).toEqual(['failed', 'swept']);
});

test('a complete environment is parsed', () => {
  expect(parseEnvironment(StageEnvironment, STAGE_ENVIRONMENT)).toMatchObject({ BUCKET: 'bucket', LEASE_SECONDS: 60 });
});

test.each(Object.keys(STAGE_ENVIRONMENT))('an environment without %s names it', (name) => {
  const { [name]: _, ...rest }: Record<string, string> = STAGE_ENVIRONMENT;
  expect(() => parseEnvironment(StageEnvironment, rest)).toThrow(name);
});

test('a variable with a wrong value is named without the value', () => {
  const read = () =>
    parseEnvironment(StageEnvironment, { ...STAGE_ENVIRONMENT, QUEUE_URL: 'secret', BACKOFF_MAX_SECONDS: '901' });
  expect(read).toThrow(/QUEUE_URL.*BACKOFF_MAX_SECONDS/);
  expect(read).not.toThrow(/secret/);
});
