import { erasureRequestKey } from '@music-etl/contracts';
import { FakeBucket, forgetOptions, ID } from './fake-bucket.ts';
import { forgetUser } from './forget-user.ts';

test('a user without data: nothing is rewritten, and no trace of the request stays', async () => {
  const bucket = new FakeBucket();
  bucket.rows = 0;
  bucket.derived = 0;
  expect(await forgetUser(bucket.deps(), forgetOptions())).toMatchObject({ summary: null, declined: false });
  expect(bucket.phases).toEqual(['find']);
  expect(bucket.documents.snapshot()).toEqual({});
});

test('a dry run and a declined question change nothing', async () => {
  for (const [over, confirm] of [
    [{ dryRun: true }, true],
    [{ yes: false }, false],
  ] as const) {
    const bucket = new FakeBucket();
    const { summary, found } = await forgetUser(bucket.deps({ confirm: async () => confirm }), forgetOptions(over));
    expect([summary, found?.files.length, bucket.phases]).toEqual([null, 1, ['find']]);
    expect(bucket.documents.snapshot()).toEqual({});
  }
});

test('a failed find withdraws the request, but not one that an earlier command left', async () => {
  const bucket = new FakeBucket();
  bucket.failing = 'find';
  await expect(forgetUser(bucket.deps(), forgetOptions({ dryRun: true }))).rejects.toMatchObject({
    message: expect.stringContaining('find ended FAILED'),
    todo: expect.stringContaining('npx music-etl forget-user 26 --dry-run'),
  });
  expect(bucket.documents.snapshot()).toEqual({});
  const resumed = new FakeBucket();
  await resumed.leaveRequest();
  resumed.failing = 'find';
  await expect(forgetUser(resumed.deps(), forgetOptions({ dryRun: true }))).rejects.toThrow('find ended FAILED');
  expect(Object.keys(resumed.documents.snapshot())).toContain(erasureRequestKey(ID));
});

test('a dry run keeps an erasure whose rewrite is active, and reports that it has started', async () => {
  const bucket = new FakeBucket();
  const deps = await bucket.interruptRewrite();
  const { started } = await forgetUser(deps, forgetOptions({ dryRun: true }));
  expect(started).toBe(true);
  expect(Object.keys(bucket.documents.snapshot())).toContain(erasureRequestKey(ID));
  expect((await forgetUser(bucket.deps(), forgetOptions())).summary?.erasure_id).toBe(ID);
});

test('an erasure whose rewrite is active is resumed without a question', async () => {
  const bucket = new FakeBucket();
  const deps = await bucket.interruptRewrite();
  const { summary } = await forgetUser({ ...deps, confirm: async () => false }, forgetOptions({ yes: false }));
  expect(summary?.erasure_id).toBe(ID);
  expect(bucket.phases.slice(2)).toEqual(['rewrite', 'purge', 'find']);
});

test('a declined question withdraws nothing once another command rewrites', async () => {
  for (const state of ['rewritten', 'active']) {
    const bucket = new FakeBucket();
    const other = bucket.deps();
    const confirm = async () => {
      if (state === 'rewritten') await other.job.start(ID, 'rewrite', 1);
      else bucket.active = { id: 'jr_other', phase: 'rewrite', state: 'RUNNING', error: null };
      return false;
    };
    const { started, declined } = await forgetUser(bucket.deps({ confirm }), forgetOptions({ yes: false }));
    expect([started, declined, bucket.deleted]).toEqual([true, true, []]);
  }
});

test('a request is left to another command that finds with it', async () => {
  const bucket = new FakeBucket();
  const confirm = async () => {
    bucket.active = { id: 'jr_other', phase: 'find', state: 'RUNNING', error: null };
    return false;
  };
  expect(await forgetUser(bucket.deps({ confirm }), forgetOptions({ yes: false }))).toMatchObject({ started: false });
  expect(bucket.deleted).toEqual([]);
});

test('after a failed rewrite, which may have rewritten files, a dry run withdraws nothing', async () => {
  const bucket = new FakeBucket();
  bucket.failing = 'rewrite';
  await expect(forgetUser(bucket.deps(), forgetOptions())).rejects.toThrow('rewrite ended FAILED');
  expect(await forgetUser(bucket.deps(), forgetOptions({ dryRun: true }))).toMatchObject({ started: true });
  expect(bucket.deleted).toEqual([]);
});
