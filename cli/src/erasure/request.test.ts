import { erasureRequestKey } from '@music-etl/contracts';
import { FakeBucket, forgetOptions, ID } from './fake-bucket.ts';
import { forgetUser } from './forget-user.ts';
import type { ErasureDeps } from './ports.ts';

const OTHER = '20261124T080000000-ffffffff';

test('a request that another command withdrew during the question is written again', async () => {
  const bucket = new FakeBucket();
  const confirm = async () => {
    await forgetUser(bucket.deps(), forgetOptions({ dryRun: true }));
    expect(bucket.documents.snapshot()).toEqual({});
    return true;
  };
  const deps = bucket.deps({ confirm });
  const start: ErasureDeps['job']['start'] = async (id, phase, attempt) => {
    expect(Object.keys(bucket.documents.snapshot())).toContain(erasureRequestKey(id));
    return deps.job.start(id, phase, attempt);
  };
  const { summary } = await forgetUser({ ...deps, job: { ...deps.job, start } }, forgetOptions({ yes: false }));
  expect(summary?.erasure_id).toBe(ID);
});

test("nothing is erased if another user's erasure was requested during the question", async () => {
  const bucket = new FakeBucket();
  const confirm = async () => {
    await forgetUser(bucket.deps(), forgetOptions({ dryRun: true }));
    const request = { schema_version: 1, erasure_id: OTHER, user_id: '27', requested_by: 'bob' };
    await bucket.documents.mark(erasureRequestKey(OTHER), { ...request, requested_at: '2026-11-24T08:00:00.000Z' });
    return true;
  };
  await expect(forgetUser(bucket.deps({ confirm }), forgetOptions({ yes: false }))).rejects.toThrow(
    `the erasure of another user (${OTHER}) is unfinished`,
  );
  expect(bucket.phases).not.toContain('rewrite');
});

test("another user's unfinished erasure has to be finished first", async () => {
  const bucket = new FakeBucket();
  bucket.failing = 'rewrite';
  const another = () => forgetUser(bucket.deps(), forgetOptions({ userId: '27' }));
  await expect(forgetUser(bucket.deps(), forgetOptions())).rejects.toThrow('rewrite ended FAILED');
  await expect(another()).rejects.toMatchObject({ todo: 'finish it first: npx music-etl forget-user 26' });
});

test("another user's request without a rewrite may be withdrawn, and is not to be finished", async () => {
  const bucket = new FakeBucket();
  await bucket.leaveRequest();
  await expect(forgetUser(bucket.deps(), forgetOptions({ userId: '27' }))).rejects.toMatchObject({
    todo:
      'nothing is rewritten yet; withdraw it with npx music-etl forget-user 26 --dry-run, ' +
      'or talk to ada, who requested it',
  });
  await forgetUser(bucket.deps(), forgetOptions({ dryRun: true }));
  expect(bucket.documents.snapshot()).toEqual({});
});
