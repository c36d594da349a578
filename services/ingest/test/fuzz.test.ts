import { Logger } from '@aws-lambda-powertools/logger';
import { FILES_PREFIX, FileDocument, fileId, fileKey, pendingKey } from '@music-etl/contracts';
import { createStartHandler, type MessageHandler, requestHandler } from '@music-etl/stage';
import { CASES, isPolluted, oddBody } from '@music-etl/stage/test/support/arbitrary';
import { aWorld } from '@music-etl/stage/test/support/fakes';
import { aContext, anSqsEvent } from '@music-etl/stage/test/support/lambda';
import fc from 'fast-check';
import { form } from '../src/app/form.ts';
import { register } from '../src/app/register.ts';
import { definition } from '../src/domain/definition.ts';
import { arrivalsOf } from '../src/domain/notification.ts';
import { fileRequestHandler } from '../src/handlers/file-request.ts';
import { FakeRawStore } from './support/fake-raw-store.ts';
import { aNotification, NOW } from './support/records.ts';

const GOOD = 'streams/good.csv';

/** Ingest's queue as its start function has it, in memory. */
const aQueue = () => {
  const world = aWorld();
  const inDlq: string[] = [];
  const log = new Logger({ serviceName: 'test', logLevel: 'SILENT' });
  const sendToDlq = async (_body: string, { reason }: { reason: string }) => void inDlq.push(reason);
  let ids = 0;
  const id = (): string => {
    ids += 1;
    return ids.toString(16).padStart(8, '0');
  };
  const deps = { ...world.deps, definition, log, sendToDlq, world: { ...world.deps.world, id } };
  const objects = new FakeRawStore();
  const now = deps.world.now;
  const onNotification: MessageHandler = async (body) => {
    const arrivals = arrivalsOf(body);
    for (const arrived of arrivals ?? []) await register({ documents: deps.documents, objects, now, log }, arrived);
    return arrivals !== null;
  };
  const handlers = [requestHandler(deps), fileRequestHandler(deps), onNotification];
  const after = async () => void (await form({ ...deps, maxActive: 1, maxFiles: 100, leaseSeconds: 60 }));
  return { ...world, inDlq, objects, handler: createStartHandler(deps, handlers, after) };
};

const arrivalOf = (key: string, versionId: string) =>
  aNotification({ key, versionId, eTag: `e-${versionId}`, sequencer: versionId, size: 1 });

const request = {
  type: 'file.requested',
  schema_version: 1,
  action: 'replay',
  request_id: '9f86d081-0001',
  key: GOOD,
  version: 1,
  why: 'a test',
  requested_by: 'somebody',
  requested_at: NOW.toISOString(),
  patches_key: null,
};

const goodOnes = fc.oneof(
  fc.constantFrom('a', 'b c', 'é', '%').map((name) => arrivalOf(`streams/${encodeURIComponent(name)}.csv`, '01')),
  fc.constantFrom('reference/songs/s.csv', 'reference/users/u.csv', 'else/where').map((key) => arrivalOf(key, '01')),
  fc.constantFrom('replay', 'release', 'reject').map((action) => ({ ...request, action })),
  fc.constant({ Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: 'bucket' }),
);

const REASONS = ['malformed message', 'impossible request'];

test('whatever a batch holds, the good arrival is taken, every other message too or inDlq, and all documents stay readable', async () => {
  const bodies = fc.array(oddBody(goodOnes), { minLength: 1, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(bodies, fc.nat(), async (odd, at) => {
      const { handler, objects, documents, inDlq } = aQueue();
      objects.put({ key: GOOD, versionId: '01' });
      const place = at % (odd.length + 1);
      const batch = [...odd.slice(0, place), JSON.stringify(arrivalOf(GOOD, '01')), ...odd.slice(place)];
      expect(await handler(anSqsEvent(...batch), aContext())).toEqual({ batchItemFailures: [] });
      expect(inDlq.filter((reason) => !REASONS.includes(reason))).toEqual([]);
      const written = documents.snapshot();
      for (const [key, document] of Object.entries(written)) {
        expect(JSON.stringify([key, document])).not.toMatch(/\\ud[89a-f]/);
        if (key.startsWith(FILES_PREFIX)) FileDocument.parse(document);
      }
      expect(written[fileKey(fileId(GOOD))]).toMatchObject({ versions: [{ version: 1, state: 'running' }] });
      expect(isPolluted()).toBe(false);
    }),
    { numRuns: CASES },
  );
});

test.each([
  ['a size that no file has', { size: -1 }],
  ['half a byte', { size: 0.5 }],
  ['half a character in its key', { key: 'streams/\ud800.csv' }],
  ['a key that is longer than S3 allows', { key: `streams/${'x'.repeat(1100)}` }],
])('a notification with %s is no notification: it would leave a document that nobody can read', async (_what, odd) => {
  const { handler, inDlq, documents } = aQueue();
  const object = { key: GOOD, versionId: '01', eTag: 'e', sequencer: '01', size: 1, ...odd };
  expect(await handler(anSqsEvent(JSON.stringify(aNotification(object))), aContext())).toEqual({
    batchItemFailures: [],
  });
  expect(inDlq).toEqual(['malformed message']);
  expect(Object.keys(documents.snapshot())).not.toContain(pendingKey(fileId(object.key), 1));
});
