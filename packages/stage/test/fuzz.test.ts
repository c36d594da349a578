import { Logger } from '@aws-lambda-powertools/logger';
import {
  activeKey,
  requestStage,
  resultKey,
  STAGES,
  type Stage,
  StageDocument,
  StageRequested,
  stageKey,
  stageOf,
} from '@music-etl/contracts';
import { aStartedStage, NOW, OTHER_RUN, RUN } from '@music-etl/testing';
import { aFakeStage } from '@music-etl/testing/fake-stage';
import { aContext, anSqsEvent } from '@music-etl/testing/lambda';
import { CASES, isPolluted, mutated, oddBody } from '@music-etl/testing/odd-messages';
import fc from 'fast-check';
import { ZodError } from 'zod';
import type { StageDefinition } from '../src/domain/definition.ts';
import { UnreadableDocument } from '../src/domain/unreadable-document.ts';
import { createCompleteHandler } from '../src/handlers/complete.ts';
import type { HandlerDeps } from '../src/handlers/deps.ts';
import { createReconcileHandler } from '../src/handlers/reconcile.ts';
import { createStartHandler } from '../src/handlers/start.ts';

const aFunction = (stage: Stage = 'validate') => {
  const world = aFakeStage();
  const inDlq: string[] = [];
  const definition: StageDefinition = { ...world.deps.definition, stage };
  const deps: HandlerDeps = {
    ...world.deps,
    definition,
    log: new Logger({ serviceName: 'test', logLevel: 'SILENT' }),
    sendToDlq: async (_body, { reason }) => void inDlq.push(reason),
  };
  return { ...world, deps, inDlq };
};

const requestOf = (stage: Stage) =>
  fc
    .constantFrom(...STAGES, stage, stage, stage)
    .chain((to) => fc.constantFrom(RUN, OTHER_RUN).map((runId) => requestStage(to, runId, NOW)));

const isRequestOf = (stage: Stage, body: string): string | null => {
  try {
    const message = StageRequested.safeParse(JSON.parse(body));
    return message.success && stageOf(message.data) === stage ? message.data.run_id : null;
  } catch {
    return null;
  }
};

describe.each([...STAGES])('the queue of %s', (stage) => {
  test('each message of any batch is handled or sent to the DLQ with a reason, and the good one starts', async () => {
    const bodies = fc.array(oddBody(requestOf(stage)), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(bodies, fc.nat(), async (odd, at) => {
        const { deps, jobs, inDlq } = aFunction(stage);
        const position = at % (odd.length + 1);
        const good = JSON.stringify(requestStage(stage, '20261123T100502123-aaaaaaaa', NOW));
        const batch = [...odd.slice(0, position), good, ...odd.slice(position)];
        const answer = await createStartHandler(deps)(anSqsEvent(...batch), aContext());
        expect(answer).toEqual({ batchItemFailures: [] });
        const requested = batch.map((body) => isRequestOf(stage, body)).filter((runId) => runId !== null);
        expect(jobs.runs.map(({ runId }) => runId).sort()).toEqual([...new Set(requested)].sort());
        expect(inDlq).toEqual(Array(batch.length - requested.length).fill('malformed message'));
        expect(isPolluted()).toBe(false);
      }),
      { numRuns: CASES },
    );
  });
});

const anEnd = {
  version: '0',
  source: 'aws.glue',
  'detail-type': 'Glue Job State Change',
  detail: { jobName: 'job', severity: 'INFO', state: 'SUCCEEDED', jobRunId: 'jr_1', message: '' },
};

test('any event is rejected by its schema or changes no more than Glue confirms', async () => {
  await fc.assert(
    fc.asyncProperty(mutated(fc.constant(anEnd)), fc.boolean(), async (event, hasEnded) => {
      const { deps, documents, jobs, sent } = aFunction();
      await createStartHandler(deps)(anSqsEvent(JSON.stringify(requestStage('validate', RUN, NOW))), aContext());
      if (hasEnded) {
        await documents.create(resultKey(RUN, 'validate'), { run_id: RUN });
        jobs.end('jr_1', 'SUCCEEDED');
      }
      const completed = await createCompleteHandler(deps)(event, aContext()).then(
        () => true,
        (error: unknown) => {
          expect(error).toBeInstanceOf(ZodError);
          return false;
        },
      );
      expect(sent.length).toBeLessThanOrEqual(hasEnded && completed ? 1 : 0);
      expect(isPolluted()).toBe(false);
    }),
    { numRuns: CASES },
  );
});

const keysWith = (prefix: string, keys: readonly string[]): string[] => keys.filter((key) => key.startsWith(prefix));

test('the reconciler names any unreadable document, leaves it, and reconciles the others', async () => {
  const document = mutated(fc.constant(aStartedStage({ run_id: OTHER_RUN })));
  await fc.assert(
    fc.asyncProperty(document, async (odd) => {
      const { deps, documents, jobs, sent, clock } = aFunction();
      for (const runId of [OTHER_RUN, RUN]) await documents.mark(activeKey(runId, 'validate'), { run_id: runId });
      await documents.mark(stageKey(OTHER_RUN, 'validate'), odd);
      await documents.create(stageKey(RUN, 'validate'), aStartedStage());
      await documents.create(resultKey(RUN, 'validate'), { run_id: RUN });
      jobs.runs.push({ id: 'jr_1', runId: RUN, attempt: 1, state: 'SUCCEEDED', error: null });
      clock.now = new Date(NOW.getTime() + 3_600_000);
      const before = documents.snapshot()[stageKey(OTHER_RUN, 'validate')];
      const isReadable = StageDocument.safeParse(before).success;
      const failure: unknown = await createReconcileHandler(deps)({}, aContext()).catch((error: unknown) => error);
      expect(sent).toContainEqual({ kind: 'run_completed', run_id: RUN });
      expect(keysWith('processed/active/', Object.keys(documents.snapshot()))).not.toContain(
        activeKey(RUN, 'validate'),
      );
      if (isReadable) return;
      expect(failure).toMatchObject({ errors: [{ key: stageKey(OTHER_RUN, 'validate') }] });
      expect(failure instanceof AggregateError && failure.errors[0]).toBeInstanceOf(UnreadableDocument);
      expect(documents.snapshot()[stageKey(OTHER_RUN, 'validate')]).toEqual(before);
    }),
    { numRuns: CASES },
  );
});

test('a marker that names no run is named, and sends no request', async () => {
  const names = fc.oneof(fc.string(), fc.constantFrom('', '..', `${RUN}x`, `../${RUN}`, `${RUN}/${RUN}`));
  await fc.assert(
    fc.asyncProperty(
      names.filter((name) => !/^\d{8}T\d{9}-[0-9a-f]{8}$/.test(name)),
      async (name) => {
        const { deps, documents, sent } = aFunction();
        await documents.mark(activeKey(name, 'validate'), {});
        const failure: unknown = await createReconcileHandler(deps)({}, aContext()).catch((error: unknown) => error);
        expect(failure).toMatchObject({ errors: [{ message: expect.stringContaining(activeKey(name, 'validate')) }] });
        expect(sent).toEqual([]);
      },
    ),
    { numRuns: CASES },
  );
});
