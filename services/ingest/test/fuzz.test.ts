import { Logger } from '@aws-lambda-powertools/logger';
import { FILES_PREFIX, FileDocument, fileId, fileKey, pendingKey } from '@music-etl/contracts';
import { createStartHandler, requestHandler } from '@music-etl/stage/handlers';
import { aFileRequest } from '@music-etl/testing';
import { aFakeStage } from '@music-etl/testing/fake-stage';
import { aContext, anSqsEvent } from '@music-etl/testing/lambda';
import { CASES, isPolluted, oddBody } from '@music-etl/testing/odd-messages';
import fc from 'fast-check';
import { createRuns } from '../src/app/create-runs.ts';
import { definition } from '../src/domain/definition.ts';
import { fileRequestHandler } from '../src/handlers/file-request.ts';
import { notificationHandler } from '../src/handlers/notification.ts';
import { aNotification } from './support/arrivals.ts';
import { FakeRawStore } from './support/fake-raw-store.ts';

const GOOD = 'streams/good.csv';

/** Builds ingest's start function on documents in memory. */
const aQueue = () => {
  const world = aFakeStage();
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
  const onNotification = notificationHandler({ documents: deps.documents, objects, now, log });
  const handlers = [requestHandler(deps), fileRequestHandler(deps), onNotification];
  const after = async () => void (await createRuns({ ...deps, maxActive: 1, maxFiles: 100, leaseSeconds: 60 }));
  return { ...world, inDlq, objects, handler: createStartHandler(deps, handlers, after) };
};

const arrivalOf = (key: string, versionId: string) =>
  aNotification({ key, versionId, eTag: `e-${versionId}`, sequencer: versionId, size: 1 });

const goodMessages = fc.oneof(
  fc.constantFrom('a', 'b c', 'é', '%').map((name) => arrivalOf(`streams/${encodeURIComponent(name)}.csv`, '01')),
  fc.constantFrom('reference/songs/s.csv', 'reference/users/u.csv', 'else/where').map((key) => arrivalOf(key, '01')),
  fc
    .constantFrom('replay' as const, 'release' as const, 'reject' as const)
    .map((action) => aFileRequest({ key: GOOD, action })),
  fc.constant({ Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: 'bucket' }),
);

const REASONS = ['malformed message', 'impossible request'];

test('any batch leaves readable documents and registers the good arrival', async () => {
  const bodies = fc.array(oddBody(goodMessages), { minLength: 1, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(bodies, fc.nat(), async (odd, at) => {
      const { handler, objects, documents, inDlq } = aQueue();
      objects.put({ key: GOOD, versionId: '01' });
      const position = at % (odd.length + 1);
      const batch = [...odd.slice(0, position), JSON.stringify(arrivalOf(GOOD, '01')), ...odd.slice(position)];
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
])('a notification with %s is malformed, since it would leave an unreadable document', async (_what, odd) => {
  const { handler, inDlq, documents } = aQueue();
  const object = { key: GOOD, versionId: '01', eTag: 'e', sequencer: '01', size: 1, ...odd };
  expect(await handler(anSqsEvent(JSON.stringify(aNotification(object))), aContext())).toEqual({
    batchItemFailures: [],
  });
  expect(inDlq).toEqual(['malformed message']);
  expect(Object.keys(documents.snapshot())).not.toContain(pendingKey(fileId(object.key), 1));
});
