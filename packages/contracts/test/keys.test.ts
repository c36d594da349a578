import fc from 'fast-check';
import * as k from '../src/keys.ts';
import { STAGES } from '../src/stages.ts';

const RUN = '20261123T100502123-9f86d081';

test('keys stay what they are: objects under them outlive every deployment', () => {
  const id = k.fileId('streams/2018-11-15.csv');
  expect({
    fileId: id,
    file: k.fileKey(id),
    pending: k.pendingKey(id, 2),
    pendingReference: k.pendingReferenceKey('reference/songs/songs.csv', 'v1'),
    waiting: k.waitingKey(id),
    date: k.dateKey('2018-11-15'),
    run: k.runKey(RUN),
    stage: k.stageKey(RUN, 'kpi'),
    result: k.resultKey(RUN, 'kpi'),
    active: k.activeKey(RUN, 'kpi'),
    prefixes: [k.STREAMS_PREFIX, k.SONGS_PREFIX, k.USERS_PREFIX, k.FILES_PREFIX, k.DATES_PREFIX],
    singles: [k.BATCH_LOCK_KEY, k.GENERATION_KEY, k.REFERENCE_KEY],
  }).toMatchInlineSnapshot(`
{
  "active": "processed/active/kpi/20261123T100502123-9f86d081.json",
  "date": "processed/dates/2018-11-15.json",
  "file": "processed/files/6424208926914003894b5f29ed3d721e.json",
  "fileId": "6424208926914003894b5f29ed3d721e",
  "pending": "processed/pending/6424208926914003894b5f29ed3d721e-2.json",
  "pendingReference": "processed/pending/reference-82b2a218b6a640856ddf4ab7a1c9ddd1.json",
  "prefixes": [
    "streams/",
    "reference/songs/",
    "reference/users/",
    "processed/files/",
    "processed/dates/",
  ],
  "result": "processed/runs/20261123T100502123-9f86d081/kpi/result.json",
  "run": "processed/runs/20261123T100502123-9f86d081/run.json",
  "singles": [
    "processed/batch-lock.json",
    "processed/generation.json",
    "processed/reference.json",
  ],
  "stage": "processed/runs/20261123T100502123-9f86d081/kpi/stage.json",
  "waiting": "processed/waiting/6424208926914003894b5f29ed3d721e.json",
}
`);
});

test('a file id is 32 hex digits of the UTF-8 key, the same for the same key only', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (a, b) => {
      expect(k.fileId(a)).toMatch(/^[0-9a-f]{32}$/);
      expect(k.fileId(a) === k.fileId(b)).toBe(a === b);
    }),
  );
});

test('a marker names its file, whatever kind of marker it is', () => {
  const id = k.fileId('streams/a.csv');
  expect(k.fileIdOfMarker(k.pendingKey(id, 12))).toBe(id);
  expect(k.fileIdOfMarker(k.waitingKey(id))).toBe(id);
});

test('no stage finds the active runs of another', () => {
  for (const stage of STAGES) {
    const others = STAGES.filter((other) => other !== stage);
    for (const other of others) expect(k.activeKey(RUN, other).startsWith(k.activePrefix(stage))).toBe(false);
  }
});
