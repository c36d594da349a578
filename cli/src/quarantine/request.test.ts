import { FileRequested, type FileVersion } from '@music-etl/contracts';
import type { Snapshot } from '../status/snapshot.ts';
import { aFile, aLetter, aQueue, aReplay, aReplayed, aRun, aSnapshot, aStage, withRun } from '../testing/builders.ts';
import { MemoryObjects, MemoryScreen } from '../testing/fakes.ts';
import { type AskOptions, ask, type ToAsk } from './request.ts';

const OPTIONS: AskOptions = { action: 'replay', why: 'cut off', suffix: '-x', dryRun: false, wait: true };
const QUARANTINED_ROWS = { read: 10, accepted: 7, quarantined: { unknown_user: 2 }, duplicate: 1 };
const CLEAN = { read: 10, accepted: 9, quarantined: {}, duplicate: 1 };
const ID = '00000000-0000-4000-8000-000000000001';
const replay = aReplay({ cause: `request:${ID}` });

const file = (...versions: Partial<FileVersion>[]) => aFile('streams/a.csv', ...versions);

/** Asks; the looks that follow are told beforehand, the last one for ever. */
const act = async (
  looks: Snapshot[],
  {
    before = {},
    rows,
    letters = [],
    ...over
  }: Partial<AskOptions> & {
    before?: Partial<FileVersion>;
    rows?: ToAsk['rows'];
    letters?: ReturnType<typeof aLetter>[];
  } = {},
) => {
  let now = Date.parse('2026-11-24T09:00:00.000Z');
  const sent: [string, FileRequested][] = [];
  const screen = new MemoryScreen();
  const objects = new MemoryObjects();
  const at = file({ ledger: QUARANTINED_ROWS, ...before });
  const [version] = at.versions;
  if (!version) throw new Error('no version');
  const good = await ask(
    {
      objects,
      screen,
      queues: {
        look: async () => [],
        letters: async (of) =>
          letters.filter(({ queue }) => of.some(({ name, visible }) => name === queue && visible > 0)),
      },
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
    [{ target: { file: at, version }, ...(rows ? { rows } : {}) }],
    { ...OPTIONS, ...over },
  );
  return { good, sent, objects, lines: screen.lines, last: screen.lines.at(-1) };
};

const seen = (...versions: Partial<FileVersion>[]): Snapshot => aSnapshot({ files: [file(...versions)] });

test('asks ingest by a message, follows the replay to its end and says what has changed', async () => {
  const { good, sent, lines } = await act([
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
  expect(lines[0]).toBe('asks ingest to reprocess streams/a.csv version 1, archived: 2 quarantined rows');
  expect(lines.at(-1)).toBe('streams/a.csv version 1: 2 rows more count (7 → 9), none is rejected any more');
  expect(good).toBe(true);
});

test('row patches are written where the message says before it is sent', async () => {
  const rows = [{ line: 1, key: 'streams/a.csv', row: 3, raw: null, set: { user_id: '26' } }];
  const { sent, objects } = await act([seen({})], { rows, wait: false });
  const key = sent[0]?.[1].patches_key ?? '';
  expect(key).toMatch(new RegExp(`^processed/patches/[0-9a-f]{32}/1-${ID}\\.jsonl$`));
  expect(await objects.read(key)).toBe('{"row":3,"set":{"user_id":"26"}}\n');
});

test('a dry run asks for nothing', async () => {
  const { sent, lines } = await act([seen({})], { dryRun: true });
  expect(sent).toEqual([]);
  expect(lines).toEqual([
    'would ask ingest to reprocess streams/a.csv version 1, archived: 2 quarantined rows',
    'dry run: nothing was asked for',
  ]);
});

test('a released file counts, one that a person rejected does not', async () => {
  const before = { state: 'held' } as const;
  const released = await act([seen(before), seen(before, aReplayed({ replay, ledger: QUARANTINED_ROWS }))], {
    before,
    action: 'release',
  });
  expect(released.last).toBe(
    'streams/a.csv version 1: held no more: 7 rows count now, 2 still rejected (2 unknown_user)',
  );
  const rejected = await act([seen(before), seen({ state: 'rejected' })], { before, action: 'reject' });
  expect(rejected.last).toBe('streams/a.csv version 1: rejected: none of its rows count');
  expect([released.good, rejected.good]).toEqual([true, true]);
});

test('what stays held or cannot be read is told; a release that lets nothing stand has failed', async () => {
  const held = { state: 'held', reason: { code: 'too_many', detail: '8 of 10 rows were quarantined' } } as const;
  const again = await act([seen(held), seen(held, aReplayed({ replay, ...held }))], { before: held });
  expect(again.last).toContain('still held: 8 of 10 rows were quarantined.');
  const gone = {
    replay,
    state: 'rejected',
    ledger: null,
    reason: { code: 'missing_object', detail: 'it is gone' },
  } as const;
  const lost = await act([seen({}), seen({}, aReplayed(gone))], {});
  expect(lost.last).toContain('could not be reprocessed, so nothing has changed: it is gone');
  expect([again.good, lost.good]).toEqual([true, false]);
});

test('a request that ingest could not do is told with its reason, though others are under way for ever', async () => {
  const DEAD = 'music-streaming-ingest-x-dlq';
  const request = { action: 'replay', request_id: ID };
  const letter = aLetter({ queue: DEAD, request, error: 'version 2 has come after it' });
  const another = aLetter({ queue: DEAD, request: { ...request, request_id: 'another' }, error: 'no' });
  const elsewhere = aLetter({ queue: 'music-streaming-ingest-dlq', request, error: 'not of this deployment' });
  const busy = withRun(aRun(aStage('kpi', { state: 'dead' })), {
    files: [file({})],
    active: [{ stage: 'kpi', run_id: aRun().run_id }],
    queues: [aQueue('music-streaming-ingest-x', 1)],
  });
  const inDlq = { ...busy, queues: [aQueue('music-streaming-ingest-dlq', 1), aQueue(DEAD, 2)] };
  const { good, last } = await act([busy, busy, inDlq], { letters: [elsewhere, another, letter] });
  expect(last).toBe('streams/a.csv version 1: nothing was done: version 2 has come after it');
  expect(good).toBe(false);
});

test('a request of which nothing is left once all is quiet has changed nothing', async () => {
  const { good, last } = await act([seen({})]);
  expect(last).toContain('nothing was done');
  expect(good).toBe(false);
});

test('a run that gave up ends the waiting, as does one in which nothing moves', async () => {
  const files = [file({}, aReplayed({ replay, state: 'validated' }))];
  const dead = await act([seen({}), withRun(aRun(aStage('kpi', { state: 'dead' })), { files })]);
  expect(dead.last).toContain('its run gave up at kpi');
  const stalled = await act([seen({}), withRun(aRun(), { files })]);
  expect(stalled.last).toContain('has not come to rest');
  expect([dead.good, stalled.good]).toEqual([false, false]);
});
