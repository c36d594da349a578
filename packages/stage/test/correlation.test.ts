import { activeKey, resultKey, stageKey } from '@music-etl/contracts';
import { complete } from '../src/app/complete.ts';
import { reconcile } from '../src/app/reconcile.ts';
import { start } from '../src/app/start.ts';
import { aWorld } from './support/fakes.ts';
import { aMessage, aStage, later, RUN } from './support/records.ts';

const OTHER = '20261123T100502123-00000000';

const idsOf = (lines: ReturnType<typeof aWorld>['lines']): unknown[] =>
  lines.map(({ extra }) => Object.getOwnPropertyDescriptor(extra, 'correlation_id')?.value);

test('every line of start and complete carries the run', async () => {
  const { deps, documents, jobs, lines } = aWorld();
  await start(deps, aMessage());
  await start(deps, aMessage());
  await complete(deps, 'jr_1');
  await documents.create(resultKey(RUN, 'validate'), {});
  jobs.end('jr_1', 'SUCCEEDED');
  await complete(deps, 'jr_1');
  await complete(deps, 'jr_1');
  expect(lines.length).toBeGreaterThanOrEqual(5);
  expect(new Set(idsOf(lines))).toEqual(new Set([RUN]));
});

test('what a start throws is logged with the run', async () => {
  const { deps, jobs, lines } = aWorld();
  jobs.answer = new Error('Glue is away');
  await expect(start(deps, aMessage())).rejects.toThrow('Glue is away');
  expect(lines.at(-1)?.extra).toEqual({ correlation_id: RUN, error: jobs.answer });
});

test('runs that are reconciled at the same time keep their lines apart', async () => {
  const { deps, documents, lines } = aWorld();
  await documents.mark(activeKey(OTHER, 'validate'), {});
  await documents.mark(stageKey(OTHER, 'validate'), { not: 'a stage' });
  await documents.mark(activeKey(RUN, 'validate'), {});
  await documents.create(stageKey(RUN, 'validate'), aStage({ lease_expires_at: later(-1).toISOString() }));
  await expect(reconcile(deps)).rejects.toThrow();
  expect(lines).toContainEqual({
    message: 'asks again for a run that was left lying',
    extra: { correlation_id: RUN, why: 'claimed, and its lease is over' },
  });
  expect(lines).toContainEqual({
    message: 'work on the run failed and will be tried again',
    extra: { correlation_id: OTHER, error: expect.any(Error) },
  });
});
