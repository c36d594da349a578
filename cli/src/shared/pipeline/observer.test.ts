import { activeKey, fileKey, pendingKey, replayKey, runKey, stageKey } from '@music-etl/contracts';
import { aFile, aRun, aStage, RUN } from '../../testing/builders.ts';
import { MemoryObjects } from '../../testing/fakes.ts';
import type { Queues } from '../ports.ts';
import { Observer } from './observer.ts';

const NO_QUEUES: Queues = { look: async () => [], deadLetterMessages: async () => [] };
const CLOCK = { now: () => 0, sleep: async () => {} };

test('a snapshot has active runs with their stages; the next one reads only what changed', async () => {
  const file = aFile('streams/a.csv', { state: 'running' });
  const objects = new MemoryObjects()
    .set(fileKey(file.file_id), file)
    .set(activeKey(RUN, 'ingest'), {})
    .set(runKey(RUN), aRun().document)
    .set(stageKey(RUN, 'ingest'), aStage('ingest', { state: 'started' }));
  const observer = new Observer(objects, NO_QUEUES, CLOCK);

  const first = await observer.look();
  expect(first.active).toEqual([{ stage: 'ingest', run_id: RUN }]);
  expect(first.runs.get(RUN)?.stages.ingest?.state).toBe('started');
  expect(first.files).toEqual([file]);

  const before = objects.reads.length;
  objects.set(stageKey(RUN, 'ingest'), aStage('ingest'));
  const second = await observer.look();
  expect(second.runs.get(RUN)?.stages.ingest?.state).toBe('closed');
  expect(objects.reads.slice(before)).toEqual([stageKey(RUN, 'ingest')]);
});

test('a document of another type is an error that names its key', async () => {
  const objects = new MemoryObjects().set('processed/files/x.json', { key: 1 });
  await expect(new Observer(objects, NO_QUEUES, CLOCK).look()).rejects.toThrow('processed/files/x.json');
});

test('replays are pending like arrivals', async () => {
  const id = aFile('streams/a.csv').file_id;
  const objects = new MemoryObjects().set(replayKey(id, 1, 'request:1'), {}).set(pendingKey(id, 2), {});
  const { pending, replays } = await new Observer(objects, NO_QUEUES, CLOCK).look();
  expect({ pending, replays }).toEqual({ pending: 2, replays: 1 });
});
