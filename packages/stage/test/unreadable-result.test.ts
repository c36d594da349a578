import { resultKey, stageKey } from '@music-etl/contracts';
import { aStageRequest, RUN } from '@music-etl/testing';
import { aFakeStage } from '@music-etl/testing/fake-stage';
import { complete } from '../src/app/complete.ts';
import { start } from '../src/app/start.ts';

const RESULT = resultKey(RUN, 'validate');

/** A stage whose job has succeeded with a result that does not match its schema. */
const withUnreadableResult = async () => {
  const world = aFakeStage();
  const next = (result: unknown) => {
    if (typeof result !== 'object' || result === null || !('run_id' in result)) throw new Error('no result');
    return [{ kind: 'run_completed' as const, run_id: RUN }];
  };
  const deps = { ...world.deps, definition: { ...world.deps.definition, next } };
  await start(deps, aStageRequest());
  await world.documents.mark(RESULT, 'garbage');
  world.jobs.end('jr_1', 'SUCCEEDED');
  await complete(deps, 'jr_1');
  return { ...world, deps };
};

test('an unreadable result makes a dead-letter message that names it and says what to do', async () => {
  const { documents, sent } = await withUnreadableResult();
  expect(sent).toMatchObject([{ kind: 'dead_letter', reason: 'unreadable result', job_run_id: 'jr_1' }]);
  expect(sent).toMatchObject([{ error: expect.stringContaining(`${RESULT} is not a document of its type; remove`) }]);
  expect(documents.snapshot()).toMatchObject({
    [RESULT]: 'garbage',
    [stageKey(RUN, 'validate')]: { state: 'dead', sent: true },
  });
});

test('a repeated event sends no second dead-letter message', async () => {
  const { deps, sent } = await withUnreadableResult();
  await complete(deps, 'jr_1');
  expect(sent).toHaveLength(1);
});

test('a run that is redriven after the result was removed goes on', async () => {
  const { deps, documents, jobs, sent } = await withUnreadableResult();
  await documents.remove(RESULT);
  await start(deps, aStageRequest(1));
  expect(jobs.runs).toMatchObject([{ attempt: 1 }, { attempt: 2, state: 'RUNNING' }]);
  await documents.create(RESULT, { run_id: RUN });
  jobs.end('jr_2', 'SUCCEEDED');
  await complete(deps, 'jr_2');
  expect(sent.at(-1)).toEqual({ kind: 'run_completed', run_id: RUN });
});

test('a run that is redriven with the unreadable result is dead again', async () => {
  const { deps, jobs, sent } = await withUnreadableResult();
  await start(deps, aStageRequest(1));
  jobs.end('jr_2', 'SUCCEEDED');
  await complete(deps, 'jr_2');
  expect(sent.map((entry) => entry.kind)).toEqual(['dead_letter', 'dead_letter']);
});

test('a store that cannot be reached fails the event, which then comes again', async () => {
  const world = aFakeStage();
  await start(world.deps, aStageRequest());
  world.jobs.end('jr_1', 'SUCCEEDED');
  const documents = { ...world.documents, read: async () => Promise.reject(new Error('S3 is not available')) };
  await expect(complete({ ...world.deps, documents }, 'jr_1')).rejects.toThrow('S3 is not available');
  expect(world.sent).toEqual([]);
});
