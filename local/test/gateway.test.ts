import { jsonAnswer } from '../src/gateway/aws-json.ts';
import { type Answer, chain, type Exchange, type Interceptor, type Next, readAnswer } from '../src/gateway/exchange.ts';
import { forwardedHeaders } from '../src/gateway/forward.ts';
import { glueInterceptor } from '../src/gateway/glue.ts';
import { memoryRunBook } from '../src/glue/run-book.ts';
import { createGlueRuns } from '../src/glue/runs.ts';

const exchange = (operation: string | null, input: unknown = {}): Exchange => ({
  method: 'POST',
  url: '/',
  headers: {},
  rawHeaders: [],
  operation,
  body: Buffer.from(JSON.stringify(input)),
});

const emulator =
  (status: number, body: unknown): Next =>
  async () =>
    jsonAnswer(status, body);

const glue = () => {
  let id = 0;
  const findJob = async (name: string) => (name === 'a_job' ? { Name: name } : null);
  const runs = createGlueRuns({
    book: memoryRunBook(),
    findJob,
    execute: (_job, _run, running) => {
      running();
      return { done: Promise.resolve({ ok: true }), kill: () => {} };
    },
    announce: () => {},
    now: () => 2_500,
    newId: () => {
      id += 1;
      return `jr_${id}`;
    },
    minuteMs: 60_000,
  });
  const link = glueInterceptor({ runs, findJob });
  return async (operation: string, input: unknown, next = emulator(200, {})) => {
    const reply = await link(exchange(`AWSGlue.${operation}`, input), next);
    if (reply === 'hang up') throw new Error('hung up');
    const answer = await readAnswer(reply);
    await new Promise((resolve) => setImmediate(resolve));
    return { status: answer.status, ...JSON.parse(answer.body.toString('utf8')) };
  };
};

describe('the gateway', () => {
  it('links interceptors in order, each free to answer itself', async () => {
    const seen: string[] = [];
    const link =
      (name: string): Interceptor =>
      async (asked, next) => {
        seen.push(name);
        return name === asked.operation ? 'hang up' : next(asked);
      };
    const last: Next = async (): Promise<Answer> => jsonAnswer(200, {});
    expect(await chain([link('a'), link('b')], last)(exchange('x'))).toMatchObject({ status: 200 });
    expect(await chain([link('a'), link('b')], last)(exchange('a'))).toBe('hang up');
    expect(seen).toEqual(['a', 'b', 'a']);
  });

  it('forwards headers as they came, Host too, and says that the way was TLS', () => {
    const came = ['Host', 'h:1', 'Connection', 'close', 'X-Forwarded-Proto', 'http', 'Authorization', 'AWS4'];
    expect(forwardedHeaders([...came, 'Expect', '100-continue'])).toEqual([
      ...['Host', 'h:1', 'Authorization', 'AWS4'],
      ...['x-forwarded-proto', 'https'],
    ]);
  });
});

describe('Glue at the gateway', () => {
  it('lets the emulator reject first', async () => {
    const ask = glue();
    const denied = emulator(403, { __type: 'AccessDeniedException', message: 'no' });
    expect(await ask('StartJobRun', { JobName: 'a_job' }, denied)).toMatchObject({ status: 403, message: 'no' });
    expect(await ask('GetJobRuns', { JobName: 'a_job' })).toMatchObject({ JobRuns: [] });
  });

  it('answers with the local stack’s own runs, though the emulator knows none', async () => {
    const ask = glue();
    const { JobRunId } = await ask('StartJobRun', { JobName: 'a_job', Arguments: { '--a': 'b' } });
    const unknown = emulator(400, { __type: 'EntityNotFoundException', message: 'who?' });
    expect(await ask('GetJobRun', { JobName: 'a_job', RunId: JobRunId }, unknown)).toMatchObject({
      JobRun: { Id: 'jr_1', JobRunState: 'SUCCEEDED', StartedOn: 2.5, Arguments: { '--a': 'b' } },
    });
    expect(await ask('GetJobRun', { JobName: 'a_job', RunId: 'jr_x' }, unknown)).toMatchObject({
      status: 400,
      __type: 'EntityNotFoundException',
    });
  });

  it('lists runs newest first, page by page, unmoved by runs that come meanwhile', async () => {
    const ask = glue();
    for (let i = 0; i < 3; i += 1) await ask('StartJobRun', { JobName: 'a_job' });
    const first = await ask('GetJobRuns', { JobName: 'a_job', MaxResults: 2 });
    expect(first.JobRuns).toMatchObject([{ Id: 'jr_3' }, { Id: 'jr_2' }]);
    await ask('StartJobRun', { JobName: 'a_job' });
    const second = await ask('GetJobRuns', { JobName: 'a_job', MaxResults: 2, NextToken: first.NextToken });
    expect(second.JobRuns).toMatchObject([{ Id: 'jr_1' }]);
    expect(second.NextToken).toBeUndefined();
  });

  it('says what is wrong with an input', async () => {
    expect(await glue()('StartJobRun', {})).toMatchObject({ status: 400, __type: 'InvalidInputException' });
  });
});
