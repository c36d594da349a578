import {
  activeKey,
  fileId,
  fileKey,
  PENDING_PREFIX,
  REFERENCE_KEY,
  REPLAYS_PREFIX,
  stageKey,
  WAITING_PREFIX,
  waitingKey,
} from '@music-etl/contracts';
import { aFile, anArrival, aReference, aReplay, aVersion, KEY, OTHER_RUN } from './support/records.ts';
import { Shelf } from './support/shelf.ts';

const stream = (changes: Parameters<typeof anArrival>[0] = {}) =>
  ({ kind: 'stream', arrival: anArrival(changes) }) as const;

test('all that has arrived becomes one run, and the markers come down', async () => {
  const shelf = new Shelf();
  await shelf.register(stream());
  await shelf.register({ kind: 'reference', arrival: anArrival({ key: 'reference/songs/s.csv' }) });
  const [runId = ''] = await shelf.form();
  expect(await shelf.run(runId)).toMatchObject({ files: [{ key: KEY, version: 1 }], reference_changed: true });
  expect(await shelf.newestOf(KEY)).toMatchObject({ state: 'running', run_id: runId });
  expect(await shelf.documents.list(PENDING_PREFIX)).toEqual([]);
  expect(await shelf.documents.list('processed/active/')).toEqual([activeKey(runId, 'ingest')]);
});

test('nothing is formed of nothing', async () => {
  expect(await new Shelf().form()).toEqual([]);
});

test('while as many runs are active as may be, arrivals gather', async () => {
  const shelf = new Shelf();
  for (const id of ['1', '2']) await shelf.documents.mark(`processed/active/ingest/${id}.json`, {});
  await shelf.register(stream());
  expect(await shelf.form()).toEqual([]);
  expect(await shelf.documents.list(PENDING_PREFIX)).toHaveLength(1);
});

test('dead runs keep no place from new arrivals', async () => {
  const shelf = new Shelf();
  await shelf.register(stream());
  await shelf.form();
  const [active = ''] = await shelf.documents.list('processed/active/ingest/');
  await shelf.finishRuns();
  const [runId = ''] = [...shelf.lived];
  const stage = shelf.documents.snapshot()[stageKey(runId, 'ingest')];
  if (typeof stage !== 'object') throw new Error('no stage');
  for (const id of [runId, OTHER_RUN]) {
    await shelf.documents.mark(active.replace(runId, id), {});
    await shelf.documents.mark(stageKey(id, 'ingest'), { ...stage, state: 'dead' });
  }
  await shelf.register(stream({ key: 'streams/other.csv' }));
  expect(await shelf.form()).toHaveLength(1);
});

test('the marker of a file that is about to wait stays, though its run is still under way', async () => {
  const shelf = new Shelf();
  await shelf.register(stream());
  await shelf.form();
  // The job puts the marker first, then says that the file waits; another run has brought the reference in between.
  await shelf.documents.mark(waitingKey(fileId(KEY)), {});
  await shelf.documents.mark(REFERENCE_KEY, aReference());
  await shelf.form();
  expect(await shelf.documents.list(WAITING_PREFIX)).toEqual([waitingKey(fileId(KEY))]);
});

test('files that wait for reference data are formed in once there is some', async () => {
  const shelf = new Shelf();
  await shelf.register(stream());
  const [marker = ''] = await shelf.documents.list(PENDING_PREFIX);
  await shelf.documents.remove(marker);
  await shelf.documents.mark(waitingKey(fileId(KEY)), {});
  expect(await shelf.form()).toEqual([]);
  await shelf.documents.mark(REFERENCE_KEY, aReference());
  expect(await shelf.form()).toHaveLength(1);
});

test('a file whose run died before it was written goes into the next run after its lease', async () => {
  const shelf = new Shelf();
  await shelf.register(stream());
  await expect(shelf.form({ at: 13, fault: { kind: 'dies' } })).rejects.toThrow('dead');
  const first = await shelf.newestOf(KEY);
  expect(first).toMatchObject({ state: 'running' });
  expect(await shelf.form()).toEqual([]);
  shelf.pass();
  const [runId = ''] = await shelf.form();
  expect(await shelf.newestOf(KEY)).toMatchObject({ state: 'running', run_id: runId });
  expect(runId).not.toBe(first?.run_id);
});

test('a file whose taking was answered with an error of the line is in the run all the same', async () => {
  const shelf = new Shelf();
  await shelf.register(stream());
  const lost = shelf.documents.replace;
  let answers = 0;
  // What the SDK does: the write came through, its answer did not, the second try meets the first.
  Object.assign(shelf.documents, {
    replace: async (...write: Parameters<typeof lost>) => {
      answers += 1;
      return (await lost(...write)) && answers > 1;
    },
  });
  const [runId = ''] = await shelf.form();
  expect(await shelf.run(runId)).toMatchObject({ files: [{ key: KEY }] });
});

const archived = aVersion({ state: 'archived', archived_to: 'archived/x/a.csv' });
const FILE_KEY = fileKey(fileId(KEY));

test('a version that is to be judged again goes into the next run, with what has arrived', async () => {
  const shelf = new Shelf();
  await shelf.documents.create(FILE_KEY, aFile(archived));
  await shelf.ask(KEY, aReplay());
  await shelf.register(stream({ key: 'streams/other.csv' }));
  const [runId = ''] = await shelf.form();
  const files = (await shelf.run(runId))?.files;
  expect(files).toHaveLength(2);
  expect(files).toContainEqual(
    expect.objectContaining({ key: KEY, version: 2, raw: { key: 'archived/x/a.csv', version_id: null } }),
  );
  expect(await shelf.newestOf(KEY)).toMatchObject({ state: 'running', run_id: runId, replay: { of: 1, accept: true } });
  expect(await shelf.documents.list(REPLAYS_PREFIX)).toEqual([]);
});

test('a replay whose run died before it was written goes into the next one after its lease, as the same version', async () => {
  const shelf = new Shelf();
  await shelf.documents.create(FILE_KEY, aFile(archived));
  await shelf.ask(KEY, aReplay());
  await expect(shelf.form({ at: 14, fault: { kind: 'dies' } })).rejects.toThrow('dead');
  const first = await shelf.newestOf(KEY);
  expect(first).toMatchObject({ version: 2, state: 'running' });
  shelf.pass();
  const [runId = ''] = await shelf.form();
  expect(await shelf.newestOf(KEY)).toMatchObject({ version: 2, state: 'running', run_id: runId });
  expect(runId).not.toBe(first?.run_id);
});

test('what cannot be judged again yet keeps its marker, and what is overtaken loses it', async () => {
  const shelf = new Shelf();
  await shelf.documents.create(FILE_KEY, aFile(aVersion({ state: 'running', run_id: OTHER_RUN })));
  await shelf.ask(KEY, aReplay());
  expect(await shelf.form()).toEqual([]);
  expect(await shelf.documents.list(REPLAYS_PREFIX)).toHaveLength(1);
  await shelf.documents.mark(FILE_KEY, aFile(archived, aVersion({ version: 2, version_id: 'v2', state: 'held' })));
  expect(await shelf.form()).toEqual([]);
  expect(await shelf.documents.list(REPLAYS_PREFIX)).toEqual([]);
});

test('markers that have to stay keep none from its turn', async () => {
  const shelf = new Shelf();
  await shelf.documents.create(FILE_KEY, aFile(aVersion({ state: 'running', run_id: OTHER_RUN })));
  for (const cause of ['1', '2', '3', '4', '5', '6']) await shelf.ask(KEY, aReplay({ cause }));
  const other = 'streams/other.csv';
  await shelf.documents.create(fileKey(fileId(other)), { ...aFile(archived), key: other, file_id: fileId(other) });
  await shelf.ask(other, aReplay());
  expect(await shelf.form()).toHaveLength(1);
});

test('a file whose document is broken keeps its marker, and the others go on', async () => {
  const shelf = new Shelf();
  await shelf.register(stream());
  await shelf.register(stream({ key: 'streams/other.csv' }));
  await shelf.documents.mark(FILE_KEY, { half: true });
  await expect(shelf.form()).rejects.toThrow('1 files could not be looked at');
  expect(await shelf.newestOf('streams/other.csv')).toMatchObject({ state: 'running' });
  expect(await shelf.documents.list(PENDING_PREFIX)).toHaveLength(1);
});
