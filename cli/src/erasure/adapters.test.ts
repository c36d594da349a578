import {
  ConcurrentRunsExceededException,
  EntityNotFoundException,
  GlueClient,
  type ServiceInputTypes as GlueInput,
  type ServiceOutputTypes as GlueOutput,
} from '@aws-sdk/client-glue';
import { S3Client, type ServiceInputTypes, type ServiceOutputTypes } from '@aws-sdk/client-s3';
import { RUN } from '../testing/builders.ts';
import { deleteForGood } from './delete-versions.ts';
import { glueErasure } from './glue-erasure.ts';

const config = { region: 'eu-central-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
const meta = { $metadata: {}, message: 'no' };

/** The real clients, answered before they would open a connection. */
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

const s3Answering = (answer: (input: ServiceInputTypes) => unknown): S3Client => {
  const s3 = new S3Client(config);
  s3.middlewareStack.add(
    () => async (args) => {
      const output: ServiceOutputTypes = Object.assign({ $metadata: {} }, await answer(args.input));
      return { output, response: {} };
    },
    { step: 'initialize', priority: 'high' },
  );
  return s3;
};

test('a phase is started under its erasure; a at capacity is no error, a job that is not there is', async () => {
  const inputs: GlueInput[] = [];
  const glue = glueAnswering((input) => {
    inputs.push(input);
    return { JobRunId: 'jr_1' };
  });
  expect(await glueErasure(glue, 'job').start(RUN, 'purge', 2)).toBe('jr_1');
  const Arguments = { '--run_id': RUN, '--attempt': '2', '--phase': 'purge' };
  expect(inputs).toEqual([{ JobName: 'job', Arguments }]);
  const full = glueAnswering(() => Promise.reject(new ConcurrentRunsExceededException(meta)));
  expect(await glueErasure(full, 'job').start(RUN, 'find', 1)).toBeNull();
  const missing = glueAnswering(() => Promise.reject(new EntityNotFoundException(meta)));
  await expect(glueErasure(missing, 'job').start(RUN, 'find', 1)).rejects.toThrow('there is no Glue job job');
});

test('of the runs only one under way for this erasure is found', async () => {
  const run = (Id: string, id: string, JobRunState: string) => ({
    Id,
    JobRunState,
    Arguments: { '--run_id': id, '--phase': 'find' },
  });
  const JobRuns = [run('jr_1', 'other', 'RUNNING'), run('jr_2', RUN, 'SUCCEEDED'), run('jr_3', RUN, 'STARTING')];
  expect(
    await glueErasure(
      glueAnswering(() => ({ JobRuns })),
      'job',
    ).find(RUN),
  ).toMatchObject({ id: 'jr_3', phase: 'find' });
  expect(
    await glueErasure(
      glueAnswering(() => ({ JobRuns: JobRuns.slice(0, 2) })),
      'job',
    ).find(RUN),
  ).toBeNull();
});

test('a phase was started for an erasure however its run ended', async () => {
  const Arguments = { '--run_id': RUN, '--phase': 'rewrite' };
  const glue = glueAnswering(() => ({ JobRuns: [{ Id: 'jr_1', JobRunState: 'FAILED', Arguments }] }));
  const job = glueErasure(glue, 'job');
  expect(await job.wasStarted(RUN, 'rewrite')).toBe(true);
  expect(await job.wasStarted(RUN, 'purge')).toBe(false);
  expect(await job.wasStarted('other', 'rewrite')).toBe(false);
});

test('deletes every version and marker of exactly one key, page after page', async () => {
  const deleted: string[] = [];
  const s3 = s3Answering((input) => {
    if ('VersionId' in input && 'Key' in input) {
      deleted.push(`${input.Key} ${input.VersionId}`);
      return {};
    }
    if ('KeyMarker' in input && input.KeyMarker === 'a') {
      return {
        Versions: [
          { Key: 'a', VersionId: '3' },
          { Key: 'a.more', VersionId: '4' },
        ],
      };
    }
    const DeleteMarkers = [{ Key: 'a', VersionId: '2' }];
    return { Versions: [{ Key: 'a', VersionId: '1' }], DeleteMarkers, NextKeyMarker: 'a', NextVersionIdMarker: '2' };
  });
  await deleteForGood(s3, 'bucket', 'a');
  expect(deleted).toEqual(['a 1', 'a 2', 'a 3']);
});
