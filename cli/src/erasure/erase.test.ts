import { erasureRequestKey } from '@music-etl/contracts';
import { DIGEST, FakeBucket, forgetOptions, ID, KEY } from './fake-bucket.ts';
import { forgetUser } from './forget-user.ts';
import type { ErasureDeps } from './ports.ts';

test('an erasure finds, rewrites, wakes ingest, purges, finds nothing and deletes the request', async () => {
  const bucket = new FakeBucket();
  const deps = bucket.deps();
  const { summary } = await forgetUser(deps, forgetOptions());
  expect(bucket.phases).toEqual(['find', 'rewrite', 'purge', 'find']);
  expect(deps.sent).toEqual([
    { queue: 'music-streaming-ingest', message: { Service: 'Amazon S3', Event: 's3:TestEvent' } },
  ]);
  expect(bucket.deleted).toEqual([erasureRequestKey(ID)]);
  expect(summary).toMatchObject({
    erasure_id: ID,
    user_digest: DIGEST,
    files: [{ key: KEY, rows: 3, reprocessed: true }],
    dates: ['2018-11-15'],
    items_removed: 2,
    objects: { 'archived/': 3, 'kpis/': 5 },
  });
  expect(JSON.stringify(bucket.documents.snapshot())).not.toContain('"user_id"');
});

test('data derived from rows that are in no file any more is purged', async () => {
  const bucket = new FakeBucket();
  bucket.rows = 0;
  await forgetUser(bucket.deps(), forgetOptions());
  expect(bucket.phases).toEqual(['find', 'rewrite', 'purge', 'find']);
});

test('what is found again is erased again, for three rounds at most', async () => {
  const once = new FakeBucket();
  once.arriving = [1];
  expect((await forgetUser(once.deps(), forgetOptions())).summary).not.toBeNull();
  expect(once.phases).toEqual(['find', 'rewrite', 'purge', 'find', 'rewrite', 'purge', 'find']);
  const always = new FakeBucket();
  always.arriving = [1, 1, 1, 1];
  await expect(forgetUser(always.deps(), forgetOptions())).rejects.toThrow('after 3 rounds the user is still found');
  expect(Object.keys(always.documents.snapshot())).toContain(erasureRequestKey(ID));
});

test('a failed phase names the error and the command that resumes, which does not prompt again', async () => {
  const bucket = new FakeBucket();
  bucket.failing = 'purge';
  await expect(forgetUser(bucket.deps(), forgetOptions())).rejects.toMatchObject({
    message: 'purge ended FAILED (Glue run jr_3): streams/b.csv has arrived',
    todo: expect.stringContaining('npx music-etl forget-user 26'),
    exitCode: 1,
  });
  bucket.failing = null;
  const confirm = async (): Promise<never> => {
    throw new Error('prompted again');
  };
  const { summary } = await forgetUser(
    bucket.deps({ confirm, randomHex: () => 'ffffffff' }),
    forgetOptions({ yes: false }),
  );
  expect(summary?.erasure_id).toBe(ID);
  expect(bucket.phases.slice(3)).toEqual(['rewrite', 'purge', 'find']);
});

test('the job run of an interrupted command is followed, and no second one is started', async () => {
  const bucket = new FakeBucket();
  bucket.failing = 'rewrite';
  await expect(forgetUser(bucket.deps(), forgetOptions())).rejects.toThrow('rewrite ended FAILED');
  bucket.failing = null;
  bucket.active = { id: 'jr_old', phase: 'find', state: 'SUCCEEDED', error: null };
  const deps = bucket.deps();
  const findActive = async () => {
    const run = bucket.active;
    bucket.active = null;
    return run;
  };
  const get: ErasureDeps['job']['get'] = async (id) =>
    id === 'jr_old' ? { id, phase: 'find', state: 'SUCCEEDED', error: null } : deps.job.get(id);
  await forgetUser({ ...deps, job: { ...deps.job, findActive, get } }, forgetOptions());
  expect(bucket.phases).toEqual(['find', 'rewrite', 'rewrite', 'purge', 'find']);
});
