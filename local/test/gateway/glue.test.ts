import { jsonResponse } from '../../src/gateway/aws-json.ts';
import { type Next, readResponse } from '../../src/gateway/exchange.ts';
import { glueInterceptor } from '../../src/gateway/glue.ts';
import { memoryRunStore } from '../../src/glue/run-store.ts';
import { createGlueRuns } from '../../src/glue/runs.ts';
import { exchangeOf } from '../support/exchanges.ts';
import { countingIds } from '../support/ids.ts';

const emulator =
  (status: number, body: unknown): Next =>
  async () =>
    jsonResponse(status, body);

/** Returns a client of Glue whose job `a_job` succeeds at once. */
const glueClient = () => {
  const findJob = async (name: string) => (name === 'a_job' ? { Name: name } : null);
  const runs = createGlueRuns({
    store: memoryRunStore(),
    findJob,
    execute: (_job, _run, running) => {
      running();
      return { done: Promise.resolve({ ok: true }), kill: () => {} };
    },
    announce: () => {},
    now: () => 2_500,
    newId: countingIds('jr_'),
    minuteMs: 60_000,
  });
  const interceptor = glueInterceptor({ runs, findJob });
  return async (operation: string, input: unknown, next = emulator(200, {})) => {
    const body = Buffer.from(JSON.stringify(input));
    const reply = await interceptor({ ...exchangeOf({ operation: `AWSGlue.${operation}` }), body }, next);
    if (reply === 'hang up') throw new Error('hung up');
    const response = await readResponse(reply);
    await new Promise((resolve) => setImmediate(resolve));
    return { status: response.status, ...JSON.parse(response.body.toString('utf8')) };
  };
};

describe('Glue at the gateway', () => {
  it('returns the emulator’s rejection', async () => {
    const send = glueClient();
    const denied = emulator(403, { __type: 'AccessDeniedException', message: 'no' });
    expect(await send('StartJobRun', { JobName: 'a_job' }, denied)).toMatchObject({ status: 403, message: 'no' });
    expect(await send('GetJobRuns', { JobName: 'a_job' })).toMatchObject({ JobRuns: [] });
  });

  it('returns the local stack’s own runs, which the emulator does not have', async () => {
    const send = glueClient();
    const { JobRunId } = await send('StartJobRun', { JobName: 'a_job', Arguments: { '--a': 'b' } });
    const unknown = emulator(400, { __type: 'EntityNotFoundException', message: 'not found' });
    expect(await send('GetJobRun', { JobName: 'a_job', RunId: JobRunId }, unknown)).toMatchObject({
      JobRun: { Id: 'jr_1', JobRunState: 'SUCCEEDED', StartedOn: 2.5, Arguments: { '--a': 'b' } },
    });
    expect(await send('GetJobRun', { JobName: 'a_job', RunId: 'jr_x' }, unknown)).toMatchObject({
      status: 400,
      __type: 'EntityNotFoundException',
    });
  });

  it('lists runs newest first, in pages that later runs do not shift', async () => {
    const send = glueClient();
    for (let i = 0; i < 3; i += 1) await send('StartJobRun', { JobName: 'a_job' });
    const first = await send('GetJobRuns', { JobName: 'a_job', MaxResults: 2 });
    expect(first.JobRuns).toMatchObject([{ Id: 'jr_3' }, { Id: 'jr_2' }]);
    await send('StartJobRun', { JobName: 'a_job' });
    const second = await send('GetJobRuns', { JobName: 'a_job', MaxResults: 2, NextToken: first.NextToken });
    expect(second.JobRuns).toMatchObject([{ Id: 'jr_1' }]);
    expect(second.NextToken).toBeUndefined();
  });

  it('rejects an invalid input', async () => {
    expect(await glueClient()('StartJobRun', {})).toMatchObject({ status: 400, __type: 'InvalidInputException' });
  });
});
