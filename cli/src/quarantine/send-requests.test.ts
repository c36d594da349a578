import { FileRequested, type FileVersion } from '@music-etl/contracts';
import type { Snapshot } from '../shared/pipeline/snapshot.ts';
import type { Queues } from '../shared/ports.ts';
import {
  aDeadLetterMessage,
  aFile,
  aQueue,
  aReplay,
  aReplayed,
  aRun,
  aSnapshot,
  aStage,
  withRun,
} from '../testing/builders.ts';
import { MemoryObjects, MemoryScreen } from '../testing/fakes.ts';
import type { PlannedRequest } from './request.ts';
import { type RequestOptions, sendRequests } from './send-requests.ts';

const OPTIONS: RequestOptions = { action: 'replay', why: 'cut off', suffix: '-x', dryRun: false, wait: true };
const QUARANTINED_ROWS = { read: 10, accepted: 7, quarantined: { unknown_user: 2 }, duplicate: 1 };
const CLEAN = { read: 10, accepted: 9, quarantined: {}, duplicate: 1 };
const ID = '00000000-0000-4000-8000-000000000001';
const replay = aReplay({ cause: `request:${ID}` });

const file = (...versions: Partial<FileVersion>[]) => aFile('streams/a.csv', ...versions);

type DeadLetterMessages = ReturnType<typeof aDeadLetterMessage>[];

const queuesWith = (messages: DeadLetterMessages): Pick<Queues, 'deadLetterMessages'> => ({
  deadLetterMessages: async (of) =>
    messages.filter(({ queue }) => of.some(({ name, visible }) => name === queue && visible > 0)),
});

interface Given extends Partial<RequestOptions> {
  before?: Partial<FileVersion>;
  patches?: PlannedRequest['patches'];
  messages?: DeadLetterMessages;
}

/** Sends a request; `looks` are the snapshots that follow, the last one for ever. */
const act = async (looks: Snapshot[], { before = {}, patches, messages = [], ...over }: Given = {}) => {
  let now = Date.parse('2026-11-24T09:00:00.000Z');
  const sent: [string, FileRequested][] = [];
  const screen = new MemoryScreen();
  const objects = new MemoryObjects();
  const at = file({ ledger: QUARANTINED_ROWS, ...before });
  const [version] = at.versions;
  if (!version) throw new Error('no version');
  const succeeded = await sendRequests(
    {
      objects,
      screen,
      queues: queuesWith(messages),
      send: async (queue, message) => {
        sent.push([queue, FileRequested.parse(message)]);
      },
      look: async () => (looks.length > 1 ? looks.shift() : looks[0]) ?? aSnapshot(),
      clock: {
        now: () => now,
        sleep: async (ms: number) => {
          now += ms;
        },
      },
      requestedBy: 'ada',
      newId: () => ID,
      patience: { quietMs: 10_000, stallMs: 60_000 },
    },
    [{ key: at.key, version, ...(patches ? { patches } : {}) }],
    { ...OPTIONS, ...over },
  );
  return { succeeded, sent, objects, lines: screen.lines, last: screen.lines.at(-1) };
};

const seen = (...versions: Partial<FileVersion>[]): Snapshot => aSnapshot({ files: [file(...versions)] });

test('a replay is requested by a message to ingest, and followed until it says what has changed', async () => {
  const { succeeded, sent, lines } = await act([
    seen({}),
    seen({}),
    seen({}, aReplayed({ replay, state: 'running' })),
    seen({}, aReplayed({ replay, ledger: CLEAN })),
  ]);
  expect(sent).toEqual([
    [
      'music-streaming-ingest-x',
      expect.objectContaining({
        action: 'replay',
        key: 'streams/a.csv',
        version: 1,
        why: 'cut off',
        patches_key: null,
      }),
    ],
  ]);
  expect(lines[0]).toBe('reprocess streams/a.csv version 1 (archived): 2 quarantined rows');
  expect(lines.at(-1)).toBe('streams/a.csv version 1: 2 more rows count (7 → 9), no row is quarantined now');
  expect(succeeded).toBe(true);
});

test('row patches are written to the object that the message names', async () => {
  const patches = [{ line: 1, key: 'streams/a.csv', row: 3, raw: null, set: { user_id: '26' } }];
  const { sent, objects } = await act([seen({})], { patches, wait: false });
  const key = sent[0]?.[1].patches_key ?? '';
  expect(key).toMatch(new RegExp(`^processed/patches/[0-9a-f]{32}/1-${ID}\\.jsonl$`));
  expect(await objects.read(key)).toBe('{"row":3,"set":{"user_id":"26"}}\n');
});

test('a dry run sends no request', async () => {
  const { sent, lines } = await act([seen({})], { dryRun: true });
  expect(sent).toEqual([]);
  expect(lines).toEqual([
    'reprocess streams/a.csv version 1 (archived): 2 quarantined rows',
    'dry run: no request was sent',
  ]);
});

test('the rows of a released file count, those of a rejected one do not', async () => {
  const before = { state: 'held' } as const;
  const released = await act([seen(before), seen(before, aReplayed({ replay, ledger: QUARANTINED_ROWS }))], {
    before,
    action: 'release',
  });
  expect(released.last).toBe(
    'streams/a.csv version 1: released: 7 rows count now, 2 still quarantined (2 unknown_user)',
  );
  const rejected = await act([seen(before), seen({ state: 'rejected' })], { before, action: 'reject' });
  expect(rejected.last).toBe('streams/a.csv version 1: rejected: none of its rows count');
  expect([released.succeeded, rejected.succeeded]).toEqual([true, true]);
});

test('a replay that is put on hold again succeeds, one that cannot be read fails, both with the reason', async () => {
  const held = {
    state: 'held',
    reason: { code: 'too_many_quarantined', detail: '8 of 10 rows were quarantined' },
  } as const;
  const again = await act([seen(held), seen(held, aReplayed({ replay, ...held }))], { before: held });
  expect(again.last).toContain('still on hold: 8 of 10 rows were quarantined.');
  const gone = {
    replay,
    state: 'rejected',
    ledger: null,
    reason: { code: 'missing_object', detail: 'it is gone' },
  } as const;
  const lost = await act([seen({}), seen({}, aReplayed(gone))], {});
  expect(lost.last).toContain('not reprocessed, nothing has changed: it is gone');
  expect([again.succeeded, lost.succeeded]).toEqual([true, false]);
});

test('an impossible request ends with its error from the DLQ while other runs are active', async () => {
  const DEAD = 'music-streaming-ingest-x-dlq';
  const request = { action: 'replay', request_id: ID };
  const message = aDeadLetterMessage({ queue: DEAD, request, error: 'version 2 has come after it' });
  const another = aDeadLetterMessage({ queue: DEAD, request: { ...request, request_id: 'another' }, error: 'no' });
  const elsewhere = aDeadLetterMessage({
    queue: 'music-streaming-ingest-dlq',
    request,
    error: 'not of this deployment',
  });
  const busy = withRun(aRun(aStage('kpi', { state: 'dead' })), {
    files: [file({})],
    active: [{ stage: 'kpi', run_id: aRun().run_id }],
    queues: [aQueue('music-streaming-ingest-x', 1)],
  });
  const inDlq = { ...busy, queues: [aQueue('music-streaming-ingest-dlq', 1), aQueue(DEAD, 2)] };
  const { succeeded, last } = await act([busy, busy, inDlq], { messages: [elsewhere, another, message] });
  expect(last).toBe('streams/a.csv version 1: nothing has changed: version 2 has come after it');
  expect(succeeded).toBe(false);
});

test('a request without a result has no effect once the pipeline is quiet', async () => {
  const { succeeded, last } = await act([seen({})]);
  expect(last).toContain('nothing has changed');
  expect(succeeded).toBe(false);
});

test('following ends when the run is dead, and when nothing moves any more', async () => {
  const files = [file({}, aReplayed({ replay, state: 'validated' }))];
  const dead = await act([seen({}), withRun(aRun(aStage('kpi', { state: 'dead' })), { files })]);
  expect(dead.last).toContain('its run failed at kpi');
  const stalled = await act([seen({}), withRun(aRun(), { files })]);
  expect(stalled.last).toContain('not finished');
  expect([dead.succeeded, stalled.succeeded]).toEqual([false, false]);
});
