import { activeKey, resultKey, stageKey } from '@music-etl/contracts';
import { aStage, aStageRequest, later, OTHER_RUN, RUN } from '@music-etl/testing';
import { aFakeStage } from '@music-etl/testing/fake-stage';
import { complete } from '../src/app/complete.ts';
import { reconcile } from '../src/app/reconcile.ts';
import { start } from '../src/app/start.ts';

const idsOf = (lines: ReturnType<typeof aFakeStage>['lines']): unknown[] =>
  lines.map(({ extra }) => Object.getOwnPropertyDescriptor(extra, 'correlation_id')?.value);

test('every log line of start and complete has the run id', async () => {
  const { deps, documents, jobs, lines } = aFakeStage();
  await start(deps, aStageRequest());
  await start(deps, aStageRequest());
  await complete(deps, 'jr_1');
  await documents.create(resultKey(RUN, 'validate'), {});
  jobs.end('jr_1', 'SUCCEEDED');
  await complete(deps, 'jr_1');
  await complete(deps, 'jr_1');
  expect(lines.length).toBeGreaterThanOrEqual(5);
  expect(new Set(idsOf(lines))).toEqual(new Set([RUN]));
});

test('an error of start is logged with the run id', async () => {
  const { deps, jobs, lines } = aFakeStage();
  jobs.answer = new Error('Glue is not available');
  await expect(start(deps, aStageRequest())).rejects.toThrow('Glue is not available');
  expect(lines.at(-1)?.extra).toEqual({ correlation_id: RUN, error: jobs.answer });
});

test('runs that are reconciled at the same time log with their own ids', async () => {
  const { deps, documents, lines } = aFakeStage();
  await documents.mark(activeKey(OTHER_RUN, 'validate'), {});
  await documents.mark(stageKey(OTHER_RUN, 'validate'), { not: 'a stage' });
  await documents.mark(activeKey(RUN, 'validate'), {});
  await documents.create(stageKey(RUN, 'validate'), aStage({ lease_expires_at: later(-1).toISOString() }));
  await expect(reconcile(deps)).rejects.toThrow();
  expect(lines).toContainEqual({
    message: 'the run is requested again',
    extra: { correlation_id: RUN, why: 'it is claimed and its lease has expired' },
  });
  expect(lines).toContainEqual({
    message: 'work on the run failed and will be retried',
    extra: { correlation_id: OTHER_RUN, error: expect.any(Error) },
  });
});
