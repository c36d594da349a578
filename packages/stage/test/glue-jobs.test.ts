import {
  ConcurrentRunsExceededException,
  EntityNotFoundException,
  GlueClient,
  type JobRun,
  type ServiceInputTypes,
  type ServiceOutputTypes,
  ThrottlingException,
} from '@aws-sdk/client-glue';
import { RUN } from '@music-etl/testing';
import { TEST_CREDENTIALS } from '@music-etl/testing/local-server';
import { glueJobs } from '../src/adapters/glue-jobs.ts';

type Answer = (input: ServiceInputTypes) => unknown;

/** The real client, answered before it would open a connection. */
const answering = (answer: Answer): GlueClient => {
  const glue = new GlueClient({ region: 'eu-central-1', credentials: TEST_CREDENTIALS });
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

test('a job is started with its run id and attempt', async () => {
  const inputs: ServiceInputTypes[] = [];
  const glue = answering((input) => {
    inputs.push(input);
    return { JobRunId: 'jr_1' };
  });
  expect(await glueJobs(glue, 'job').start(RUN, 3)).toEqual({ jobRunId: 'jr_1' });
  expect(inputs).toEqual([{ JobName: 'job', Arguments: { '--run_id': RUN, '--attempt': '3' } }]);
});

test('too many concurrent runs and throttling mean at capacity, anything else is an error', async () => {
  for (const error of [new ConcurrentRunsExceededException(meta), new ThrottlingException(meta)]) {
    expect(await glueJobs(rejecting(error), 'job').start(RUN, 1)).toEqual({ atCapacity: `${error.name}: no` });
  }
  await expect(glueJobs(rejecting(new EntityNotFoundException(meta)), 'job').start(RUN, 1)).rejects.toThrow('no');
});

test('a run that Glue does not know is null', async () => {
  expect(await glueJobs(rejecting(new EntityNotFoundException(meta)), 'job').get('jr_1')).toBeNull();
});

test("run id and attempt are read from the Glue run's own arguments", async () => {
  const glue = answering(() => ({ JobRun: { ...aRun('jr_1', RUN, 'FAILED'), ErrorMessage: 'boom' } }));
  expect(await glueJobs(glue, 'job').get('jr_1')).toEqual({
    id: 'jr_1',
    runId: RUN,
    attempt: 2,
    state: 'FAILED',
    error: 'boom',
  });
});

test('a Glue run that has not ended is found on any page, behind an ended one of the same run', async () => {
  const pages: Record<string, unknown> = {
    first: { JobRuns: [aRun('jr_3', RUN, 'FAILED')], NextToken: 'second' },
    second: { JobRuns: [aRun('jr_2', 'other', 'RUNNING'), aRun('jr_1', RUN, 'RUNNING')] },
  };
  const glue = answering((input) => pages['NextToken' in input ? String(input.NextToken) : 'first']);
  expect(await glueJobs(glue, 'job').find(RUN)).toMatchObject({ id: 'jr_1' });
});

test('the search ends where the Glue runs are older than the run id', async () => {
  let requests = 0;
  const glue = answering(() => {
    requests += 1;
    return { JobRuns: [aRun('jr_0', 'other', 'SUCCEEDED', '2026-11-22T10:00:00Z')], NextToken: 'more' };
  });
  expect(await glueJobs(glue, 'job').find(RUN)).toBeNull();
  expect(requests).toBe(1);
});
