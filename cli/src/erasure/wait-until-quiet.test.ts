import { aRun, aSnapshot, aStage, RUN, withRun } from '../testing/builders.ts';
import { FakeBucket, forgetOptions } from './fake-bucket.ts';
import { forgetUser } from './forget-user.ts';

test('the command waits for active runs, and ends with an explanation at a dead one', async () => {
  const dead = withRun(aRun(aStage('kpi', { state: 'dead', error: 'failed 3 times: out of memory' })), {
    active: [{ stage: 'kpi', run_id: RUN }],
  });
  const waits = new FakeBucket();
  waits.snapshots = [aSnapshot({ active: [{ stage: 'kpi', run_id: RUN }] }), aSnapshot({ pending: 2, replays: 1 })];
  const deps = waits.deps();
  await forgetUser(deps, forgetOptions());
  expect(deps.screen.lines[0]).toBe('waiting until no run is active: 1 run active (kpi)');
  const given = new FakeBucket();
  given.snapshots = Array(60).fill(dead);
  await expect(forgetUser(given.deps(), forgetOptions())).rejects.toMatchObject({
    message: expect.stringMatching(/^a run was given up\. kpi of .*npx music-etl redrive kpi/),
    todo: 'then npx music-etl forget-user 26 to resume',
  });
  expect(given.phases).toEqual([]);
});
