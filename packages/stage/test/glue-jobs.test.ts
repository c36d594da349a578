import {
  ConcurrentRunsExceededException,
  EntityNotFoundException,
  GlueClient,
  type JobRun,
  type ServiceInputTypes,
  type ServiceOutputTypes,
  ThrottlingException,
} from '@aws-sdk/client-glue';
import { glueJobs } from '../src/adapters/glue-jobs.ts';
import { RUN } from './support/records.ts';

type Answer = (input: ServiceInputTypes) => unknown;

/** The real client, answered before it would open a connection. */
const answering = (answer: Answer): GlueClient => {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const glue = new GlueClient({ region: 'eu-central-1', credentials });
  glue.middlewareStack.add(
    () => async (args) => {
      const output: ServiceOutputTypes = Object.assign({ $metadata: {} }, await answer(args.input));
      return { output, response: {} };
    },
    { step: 'initialize', priority: 'high' },
  );
  return glue;
};

const rejecting = (error: Error) => answering(() => Promise.reject(error));
const meta = { $metadata: {}, message: 'no' };
const aRun = (
  Id: string,
  runId: string,
  JobRunState: JobRun['JobRunState'],
  StartedOn = '2026-11-23T10:06:00Z',
): JobRun => ({
  Id,
  JobRunState,
  StartedOn: new Date(StartedOn),
  Arguments: { '--run_id': runId, '--attempt': '2' },
});

test('a job is started under its run and attempt', async () => {
  const inputs: ServiceInputTypes[] = [];
  const glue = answering((input) => {
    inputs.push(input);
    return { JobRunId: 'jr_1' };
  });
  expect(await glueJobs(glue, 'job').start(RUN, 3)).toEqual({ jobRunId: 'jr_1' });
  expect(inputs).toEqual([{ JobName: 'job', Arguments: { '--run_id': RUN, '--attempt': '3' } }]);
});

test('a at capacity and throttling are answers, anything else is an error', async () => {
  for (const error of [new ConcurrentRunsExceededException(meta), new ThrottlingException(meta)]) {
    expect(await glueJobs(rejecting(error), 'job').start(RUN, 1)).toEqual({ full: `${error.name}: no` });
  }
  await expect(glueJobs(rejecting(new EntityNotFoundException(meta)), 'job').start(RUN, 1)).rejects.toThrow('no');
});

test('a run that Glue does not know is none', async () => {
  expect(await glueJobs(rejecting(new EntityNotFoundException(meta)), 'job').get('jr_1')).toBeNull();
});

test("what Glue says of a run is read from the run's own arguments", async () => {
  const glue = answering(() => ({ JobRun: { ...aRun('jr_1', RUN, 'FAILED'), ErrorMessage: 'boom' } }));
  expect(await glueJobs(glue, 'job').get('jr_1')).toEqual({
    id: 'jr_1',
    runId: RUN,
    attempt: 2,
    state: 'FAILED',
    error: 'boom',
  });
});

test('a run under way is found on whatever page it stands, behind an ended one of the same run', async () => {
  const pages: Record<string, unknown> = {
    first: { JobRuns: [aRun('jr_3', RUN, 'FAILED')], NextToken: 'second' },
    second: { JobRuns: [aRun('jr_2', 'other', 'RUNNING'), aRun('jr_1', RUN, 'RUNNING')] },
  };
  const glue = answering((input) => pages['NextToken' in input ? String(input.NextToken) : 'first']);
  expect(await glueJobs(glue, 'job').find(RUN)).toMatchObject({ id: 'jr_1' });
});

test('the search ends where the history is older than the run', async () => {
  let asked = 0;
  const glue = answering(() => {
    asked += 1;
    return { JobRuns: [aRun('jr_0', 'other', 'SUCCEEDED', '2026-11-22T10:00:00Z')], NextToken: 'more' };
  });
  expect(await glueJobs(glue, 'job').find(RUN)).toBeNull();
  expect(asked).toBe(1);
});
