import {
  ConcurrentRunsExceededException,
  EntityNotFoundException,
  GlueClient,
  type ServiceInputTypes as GlueInput,
  type ServiceOutputTypes as GlueOutput,
} from '@aws-sdk/client-glue';
import { RUN } from '../testing/builders.ts';
import { glueErasureJob } from './glue-job.ts';

const config = { region: 'eu-central-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
const meta = { $metadata: {}, message: 'no' };

/** Builds a real client whose commands are answered before it opens a connection. */
const glueAnswering = (answer: (input: GlueInput) => unknown): GlueClient => {
  const glue = new GlueClient(config);
  glue.middlewareStack.add(
    () => async (args) => {
      const output: GlueOutput = Object.assign({ $metadata: {} }, await answer(args.input));
      return { output, response: {} };
    },
    { step: 'initialize', priority: 'high' },
  );
  return glue;
};

test('a phase is started under its erasure id; no capacity is no error, a missing job is one', async () => {
  const inputs: GlueInput[] = [];
  const glue = glueAnswering((input) => {
    inputs.push(input);
    return { JobRunId: 'jr_1' };
  });
  expect(await glueErasureJob(glue, 'job').start(RUN, 'purge', 2)).toBe('jr_1');
  const Arguments = { '--run_id': RUN, '--attempt': '2', '--phase': 'purge' };
  expect(inputs).toEqual([{ JobName: 'job', Arguments }]);
  const atCapacity = glueAnswering(() => Promise.reject(new ConcurrentRunsExceededException(meta)));
  expect(await glueErasureJob(atCapacity, 'job').start(RUN, 'find', 1)).toBeNull();
  const missing = glueAnswering(() => Promise.reject(new EntityNotFoundException(meta)));
  await expect(glueErasureJob(missing, 'job').start(RUN, 'find', 1)).rejects.toThrow('there is no Glue job job');
});

test('only an active run of this erasure is found', async () => {
  const run = (Id: string, id: string, JobRunState: string) => ({
    Id,
    JobRunState,
    Arguments: { '--run_id': id, '--phase': 'find' },
  });
  const JobRuns = [run('jr_1', 'other', 'RUNNING'), run('jr_2', RUN, 'SUCCEEDED'), run('jr_3', RUN, 'STARTING')];
  expect(
    await glueErasureJob(
      glueAnswering(() => ({ JobRuns })),
      'job',
    ).findActive(RUN),
  ).toMatchObject({ id: 'jr_3', phase: 'find' });
  expect(
    await glueErasureJob(
      glueAnswering(() => ({ JobRuns: JobRuns.slice(0, 2) })),
      'job',
    ).findActive(RUN),
  ).toBeNull();
});

test('a phase counts as started however its run ended', async () => {
  const Arguments = { '--run_id': RUN, '--phase': 'rewrite' };
  const glue = glueAnswering(() => ({ JobRuns: [{ Id: 'jr_1', JobRunState: 'FAILED', Arguments }] }));
  const job = glueErasureJob(glue, 'job');
  expect(await job.wasStarted(RUN, 'rewrite')).toBe(true);
  expect(await job.wasStarted(RUN, 'purge')).toBe(false);
  expect(await job.wasStarted('other', 'rewrite')).toBe(false);
});
