import { resultKey, stageKey } from '@music-etl/contracts';
import { complete } from '../src/app/complete.ts';
import { start } from '../src/app/start.ts';
import { aWorld } from './support/fakes.ts';
import { aMessage, RUN } from './support/records.ts';

const RESULT = resultKey(RUN, 'validate');

/** A stage whose job says that it succeeded, and whose result nobody understands. */
const withUnreadableResult = async () => {
  const world = aWorld();
  const next = (result: unknown) => {
    if (typeof result !== 'object' || result === null || !('run_id' in result)) throw new Error('no result');
    return [{ kind: 'run_completed' as const, run_id: RUN }];
  };
  const deps = { ...world.deps, definition: { ...world.deps.definition, next } };
  await start(deps, aMessage());
  await world.documents.mark(RESULT, 'garbage');
  world.jobs.end('jr_1', 'SUCCEEDED');
  await complete(deps, 'jr_1');
  return { ...world, deps };
};

test('a result that cannot be understood is a dead letter that names it and says what to do', async () => {
  const { documents, sent } = await withUnreadableResult();
  expect(sent).toMatchObject([{ kind: 'dead_letter', reason: 'unreadable result', job_run_id: 'jr_1' }]);
  expect(sent).toMatchObject([{ error: expect.stringContaining(`${RESULT} is not a document of its type; remove`) }]);
  expect(documents.snapshot()).toMatchObject({
    [RESULT]: 'garbage',
    [stageKey(RUN, 'validate')]: { state: 'dead', sent: true },
  });
});

test('its event that comes again sends no second letter', async () => {
  const { deps, sent } = await withUnreadableResult();
  await complete(deps, 'jr_1');
  expect(sent).toHaveLength(1);
});

test('redriven after it was removed, the run goes on', async () => {
  const { deps, documents, jobs, sent } = await withUnreadableResult();
  await documents.remove(RESULT);
  await start(deps, aMessage());
  expect(jobs.runs).toMatchObject([{ attempt: 1 }, { attempt: 2, state: 'RUNNING' }]);
  await documents.create(RESULT, { run_id: RUN });
  jobs.end('jr_2', 'SUCCEEDED');
  await complete(deps, 'jr_2');
  expect(sent.at(-1)).toEqual({ kind: 'run_completed', run_id: RUN });
});

test('redriven without that, it is the same dead letter again', async () => {
  const { deps, jobs, sent } = await withUnreadableResult();
  await start(deps, aMessage());
  jobs.end('jr_2', 'SUCCEEDED');
  await complete(deps, 'jr_2');
  expect(sent.map((entry) => entry.kind)).toEqual(['dead_letter', 'dead_letter']);
});

test('a store that cannot be reached says nothing of the result: the event comes again', async () => {
  const world = aWorld();
  await start(world.deps, aMessage());
  world.jobs.end('jr_1', 'SUCCEEDED');
  const documents = { ...world.documents, read: async () => Promise.reject(new Error('S3 is away')) };
  await expect(complete({ ...world.deps, documents }, 'jr_1')).rejects.toThrow('S3 is away');
  expect(world.sent).toEqual([]);
});
