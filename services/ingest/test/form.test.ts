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
import { FakeStore } from './support/fake-store.ts';
import { aFile, anArrival, aReference, aReplay, aVersion, KEY, OTHER_RUN } from './support/records.ts';

const stream = (changes: Parameters<typeof anArrival>[0] = {}) =>
  ({ kind: 'stream', arrival: anArrival(changes) }) as const;

test('all that has arrived becomes one run, and the markers come down', async () => {
  const fakeStore = new FakeStore();
  await fakeStore.register(stream());
  await fakeStore.register({ kind: 'reference', arrival: anArrival({ key: 'reference/songs/s.csv' }) });
  const [runId = ''] = await fakeStore.form();
  expect(await fakeStore.run(runId)).toMatchObject({ files: [{ key: KEY, version: 1 }], reference_changed: true });
  expect(await fakeStore.newestOf(KEY)).toMatchObject({ state: 'running', run_id: runId });
  expect(await fakeStore.documents.list(PENDING_PREFIX)).toEqual([]);
  expect(await fakeStore.documents.list('processed/active/')).toEqual([activeKey(runId, 'ingest')]);
});

test('nothing is formed of nothing', async () => {
  expect(await new FakeStore().form()).toEqual([]);
});

test('while as many runs are active as may be, arrivals gather', async () => {
  const fakeStore = new FakeStore();
  for (const id of ['1', '2']) await fakeStore.documents.mark(`processed/active/ingest/${id}.json`, {});
  await fakeStore.register(stream());
  expect(await fakeStore.form()).toEqual([]);
  expect(await fakeStore.documents.list(PENDING_PREFIX)).toHaveLength(1);
});

test('dead runs keep no place from new arrivals', async () => {
  const fakeStore = new FakeStore();
  await fakeStore.register(stream());
  await fakeStore.form();
  const [active = ''] = await fakeStore.documents.list('processed/active/ingest/');
  await fakeStore.finishRuns();
  const [runId = ''] = [...fakeStore.lived];
  const stage = fakeStore.documents.snapshot()[stageKey(runId, 'ingest')];
  if (typeof stage !== 'object') throw new Error('no stage');
  for (const id of [runId, OTHER_RUN]) {
    await fakeStore.documents.mark(active.replace(runId, id), {});
    await fakeStore.documents.mark(stageKey(id, 'ingest'), { ...stage, state: 'dead' });
  }
  await fakeStore.register(stream({ key: 'streams/other.csv' }));
  expect(await fakeStore.form()).toHaveLength(1);
});

test('the marker of a file that is about to wait stays, though its run is still under way', async () => {
  const fakeStore = new FakeStore();
  await fakeStore.register(stream());
  await fakeStore.form();
  // The job puts the marker first, then says that the file waits; another run has brought the reference in between.
  await fakeStore.documents.mark(waitingKey(fileId(KEY)), {});
  await fakeStore.documents.mark(REFERENCE_KEY, aReference());
  await fakeStore.form();
  expect(await fakeStore.documents.list(WAITING_PREFIX)).toEqual([waitingKey(fileId(KEY))]);
});

test('files that wait for reference data are formed in once there is some', async () => {
  const fakeStore = new FakeStore();
  await fakeStore.register(stream());
  const [marker = ''] = await fakeStore.documents.list(PENDING_PREFIX);
  await fakeStore.documents.remove(marker);
  await fakeStore.documents.mark(waitingKey(fileId(KEY)), {});
  expect(await fakeStore.form()).toEqual([]);
  await fakeStore.documents.mark(REFERENCE_KEY, aReference());
  expect(await fakeStore.form()).toHaveLength(1);
});

test('a file whose run died before it was written goes into the next run after its lease', async () => {
  const fakeStore = new FakeStore();
  await fakeStore.register(stream());
  await expect(fakeStore.form({ at: 13, fault: { kind: 'dies' } })).rejects.toThrow('dead');
  const first = await fakeStore.newestOf(KEY);
  expect(first).toMatchObject({ state: 'running' });
  expect(await fakeStore.form()).toEqual([]);
  fakeStore.pass();
  const [runId = ''] = await fakeStore.form();
  expect(await fakeStore.newestOf(KEY)).toMatchObject({ state: 'running', run_id: runId });
  expect(runId).not.toBe(first?.run_id);
});

test('a file whose taking was answered with an error of the line is in the run all the same', async () => {
  const fakeStore = new FakeStore();
  await fakeStore.register(stream());
  const lost = fakeStore.documents.replace;
  let answers = 0;
  // What the SDK does: the write came through, its answer did not, the second try meets the first.
  Object.assign(fakeStore.documents, {
    replace: async (...write: Parameters<typeof lost>) => {
      answers += 1;
      return (await lost(...write)) && answers > 1;
    },
  });
  const [runId = ''] = await fakeStore.form();
  expect(await fakeStore.run(runId)).toMatchObject({ files: [{ key: KEY }] });
});

const archived = aVersion({ state: 'archived', archived_to: 'archived/x/a.csv' });
const FILE_KEY = fileKey(fileId(KEY));

test('a version that is to be reprocessed goes into the next run, with what has arrived', async () => {
  const fakeStore = new FakeStore();
  await fakeStore.documents.create(FILE_KEY, aFile(archived));
  await fakeStore.ask(KEY, aReplay());
  await fakeStore.register(stream({ key: 'streams/other.csv' }));
  const [runId = ''] = await fakeStore.form();
  const files = (await fakeStore.run(runId))?.files;
  expect(files).toHaveLength(2);
  expect(files).toContainEqual(
    expect.objectContaining({ key: KEY, version: 2, raw: { key: 'archived/x/a.csv', version_id: null } }),
  );
  expect(await fakeStore.newestOf(KEY)).toMatchObject({
    state: 'running',
    run_id: runId,
    replay: { of: 1, accept: true },
  });
  expect(await fakeStore.documents.list(REPLAYS_PREFIX)).toEqual([]);
});

test('a replay whose run died before it was written goes into the next one after its lease, as the same version', async () => {
  const fakeStore = new FakeStore();
  await fakeStore.documents.create(FILE_KEY, aFile(archived));
  await fakeStore.ask(KEY, aReplay());
  await expect(fakeStore.form({ at: 14, fault: { kind: 'dies' } })).rejects.toThrow('dead');
  const first = await fakeStore.newestOf(KEY);
  expect(first).toMatchObject({ version: 2, state: 'running' });
  fakeStore.pass();
  const [runId = ''] = await fakeStore.form();
  expect(await fakeStore.newestOf(KEY)).toMatchObject({ version: 2, state: 'running', run_id: runId });
  expect(runId).not.toBe(first?.run_id);
});

test('what cannot be reprocessed yet keeps its marker, and what is overtaken loses it', async () => {
  const fakeStore = new FakeStore();
  await fakeStore.documents.create(FILE_KEY, aFile(aVersion({ state: 'running', run_id: OTHER_RUN })));
  await fakeStore.ask(KEY, aReplay());
  expect(await fakeStore.form()).toEqual([]);
  expect(await fakeStore.documents.list(REPLAYS_PREFIX)).toHaveLength(1);
  await fakeStore.documents.mark(FILE_KEY, aFile(archived, aVersion({ version: 2, version_id: 'v2', state: 'held' })));
  expect(await fakeStore.form()).toEqual([]);
  expect(await fakeStore.documents.list(REPLAYS_PREFIX)).toEqual([]);
});

test('markers that have to stay keep none from its turn', async () => {
  const fakeStore = new FakeStore();
  await fakeStore.documents.create(FILE_KEY, aFile(aVersion({ state: 'running', run_id: OTHER_RUN })));
  for (const cause of ['1', '2', '3', '4', '5', '6']) await fakeStore.ask(KEY, aReplay({ cause }));
  const other = 'streams/other.csv';
  await fakeStore.documents.create(fileKey(fileId(other)), { ...aFile(archived), key: other, file_id: fileId(other) });
  await fakeStore.ask(other, aReplay());
  expect(await fakeStore.form()).toHaveLength(1);
});

test('a file whose document is broken keeps its marker, and the others go on', async () => {
  const fakeStore = new FakeStore();
  await fakeStore.register(stream());
  await fakeStore.register(stream({ key: 'streams/other.csv' }));
  await fakeStore.documents.mark(FILE_KEY, { half: true });
  await expect(fakeStore.form()).rejects.toThrow('1 files could not be looked at');
  expect(await fakeStore.newestOf('streams/other.csv')).toMatchObject({ state: 'running' });
  expect(await fakeStore.documents.list(PENDING_PREFIX)).toHaveLength(1);
});
