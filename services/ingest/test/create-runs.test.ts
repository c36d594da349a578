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
import { aFile, aFileAt, aReference, aReplay, aVersion, KEY, OTHER_RUN } from '@music-etl/testing';
import { anArrival, aStreamArrival } from './support/arrivals.ts';
import { FakeStore } from './support/fake-store.ts';

test('everything that has arrived becomes one run, and the markers are removed', async () => {
  const fakeStore = new FakeStore();
  await fakeStore.register(aStreamArrival());
  await fakeStore.register({ kind: 'reference', arrival: anArrival({ key: 'reference/songs/s.csv' }) });
  const [runId = ''] = await fakeStore.createRuns();
  expect(await fakeStore.run(runId)).toMatchObject({ files: [{ key: KEY, version: 1 }], reference_changed: true });
  expect(await fakeStore.newestOf(KEY)).toMatchObject({ state: 'running', run_id: runId });
  expect(await fakeStore.documents.list(PENDING_PREFIX)).toEqual([]);
  expect(await fakeStore.documents.list('processed/active/')).toEqual([activeKey(runId, 'ingest')]);
});

test('without markers no run is created', async () => {
  expect(await new FakeStore().createRuns()).toEqual([]);
});

test('at capacity no run is created and arrivals keep their markers', async () => {
  const fakeStore = new FakeStore();
  for (const id of ['1', '2']) await fakeStore.documents.mark(`processed/active/ingest/${id}.json`, {});
  await fakeStore.register(aStreamArrival());
  expect(await fakeStore.createRuns()).toEqual([]);
  expect(await fakeStore.documents.list(PENDING_PREFIX)).toHaveLength(1);
});

test('dead runs do not count against the capacity', async () => {
  const fakeStore = new FakeStore();
  await fakeStore.register(aStreamArrival());
  await fakeStore.createRuns();
  const [active = ''] = await fakeStore.documents.list('processed/active/ingest/');
  await fakeStore.endRuns();
  const [runId = ''] = [...fakeStore.endedRuns];
  const stage = fakeStore.documents.snapshot()[stageKey(runId, 'ingest')];
  if (typeof stage !== 'object') throw new Error('no stage');
  for (const id of [runId, OTHER_RUN]) {
    await fakeStore.documents.mark(active.replace(runId, id), {});
    await fakeStore.documents.mark(stageKey(id, 'ingest'), { ...stage, state: 'dead' });
  }
  await fakeStore.register(aStreamArrival({ key: 'streams/other.csv' }));
  expect(await fakeStore.createRuns()).toHaveLength(1);
});

test('the marker of a waiting file stays while its run is still active', async () => {
  const fakeStore = new FakeStore();
  await fakeStore.register(aStreamArrival());
  await fakeStore.createRuns();
  // The job writes the marker before the file's state. In between another run brings the reference data.
  await fakeStore.documents.mark(waitingKey(fileId(KEY)), {});
  await fakeStore.documents.mark(REFERENCE_KEY, aReference());
  await fakeStore.createRuns();
  expect(await fakeStore.documents.list(WAITING_PREFIX)).toEqual([waitingKey(fileId(KEY))]);
});

test('waiting files go into a run once there is reference data', async () => {
  const fakeStore = new FakeStore();
  await fakeStore.register(aStreamArrival());
  const [marker = ''] = await fakeStore.documents.list(PENDING_PREFIX);
  await fakeStore.documents.remove(marker);
  await fakeStore.documents.mark(waitingKey(fileId(KEY)), {});
  expect(await fakeStore.createRuns()).toEqual([]);
  await fakeStore.documents.mark(REFERENCE_KEY, aReference());
  expect(await fakeStore.createRuns()).toHaveLength(1);
});

test('a file whose run was never created goes into the next run after the lease', async () => {
  const fakeStore = new FakeStore();
  await fakeStore.register(aStreamArrival());
  await expect(fakeStore.createRuns({ at: 13, fault: { kind: 'dies' } })).rejects.toThrow('dead');
  const first = await fakeStore.newestOf(KEY);
  expect(first).toMatchObject({ state: 'running' });
  expect(await fakeStore.createRuns()).toEqual([]);
  fakeStore.pass();
  const [runId = ''] = await fakeStore.createRuns();
  expect(await fakeStore.newestOf(KEY)).toMatchObject({ state: 'running', run_id: runId });
  expect(runId).not.toBe(first?.run_id);
});

test('a file whose claim was written but whose answer was lost is in the run', async () => {
  const fakeStore = new FakeStore();
  await fakeStore.register(aStreamArrival());
  const lost = fakeStore.documents.replace;
  let answers = 0;
  // As with an SDK retry: the first write succeeds, its answer is lost, and the second write finds the first.
  Object.assign(fakeStore.documents, {
    replace: async (...write: Parameters<typeof lost>) => {
      answers += 1;
      return (await lost(...write)) && answers > 1;
    },
  });
  const [runId = ''] = await fakeStore.createRuns();
  expect(await fakeStore.run(runId)).toMatchObject({ files: [{ key: KEY }] });
});

const archived = aVersion({ state: 'archived', archived_to: 'archived/x/a.csv' });
const FILE_KEY = fileKey(fileId(KEY));

test('a version to reprocess goes into the next run, together with arrivals', async () => {
  const fakeStore = new FakeStore();
  await fakeStore.documents.create(FILE_KEY, aFile(archived));
  await fakeStore.requestReplay(KEY, aReplay());
  await fakeStore.register(aStreamArrival({ key: 'streams/other.csv' }));
  const [runId = ''] = await fakeStore.createRuns();
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

test('a replay whose run was never created goes into the next run after the lease, as the same version', async () => {
  const fakeStore = new FakeStore();
  await fakeStore.documents.create(FILE_KEY, aFile(archived));
  await fakeStore.requestReplay(KEY, aReplay());
  await expect(fakeStore.createRuns({ at: 14, fault: { kind: 'dies' } })).rejects.toThrow('dead');
  const first = await fakeStore.newestOf(KEY);
  expect(first).toMatchObject({ version: 2, state: 'running' });
  fakeStore.pass();
  const [runId = ''] = await fakeStore.createRuns();
  expect(await fakeStore.newestOf(KEY)).toMatchObject({ version: 2, state: 'running', run_id: runId });
  expect(runId).not.toBe(first?.run_id);
});

test('a replay that has to wait keeps its marker, and one that is void loses it', async () => {
  const fakeStore = new FakeStore();
  await fakeStore.documents.create(FILE_KEY, aFile(aVersion({ state: 'running', run_id: OTHER_RUN })));
  await fakeStore.requestReplay(KEY, aReplay());
  expect(await fakeStore.createRuns()).toEqual([]);
  expect(await fakeStore.documents.list(REPLAYS_PREFIX)).toHaveLength(1);
  await fakeStore.documents.mark(FILE_KEY, aFile(archived, aVersion({ version: 2, version_id: 'v2', state: 'held' })));
  expect(await fakeStore.createRuns()).toEqual([]);
  expect(await fakeStore.documents.list(REPLAYS_PREFIX)).toEqual([]);
});

test('markers that remain do not keep others out of a run', async () => {
  const fakeStore = new FakeStore();
  await fakeStore.documents.create(FILE_KEY, aFile(aVersion({ state: 'running', run_id: OTHER_RUN })));
  for (const cause of ['1', '2', '3', '4', '5', '6']) await fakeStore.requestReplay(KEY, aReplay({ cause }));
  const other = 'streams/other.csv';
  await fakeStore.documents.create(fileKey(fileId(other)), aFileAt(other, archived));
  await fakeStore.requestReplay(other, aReplay());
  expect(await fakeStore.createRuns()).toHaveLength(1);
});

test('a file with an unreadable document keeps its marker, and the others go into a run', async () => {
  const fakeStore = new FakeStore();
  await fakeStore.register(aStreamArrival());
  await fakeStore.register(aStreamArrival({ key: 'streams/other.csv' }));
  await fakeStore.documents.mark(FILE_KEY, { half: true });
  await expect(fakeStore.createRuns()).rejects.toThrow('1 files could not be claimed');
  expect(await fakeStore.newestOf('streams/other.csv')).toMatchObject({ state: 'running' });
  expect(await fakeStore.documents.list(PENDING_PREFIX)).toHaveLength(1);
});
