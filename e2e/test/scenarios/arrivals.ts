import { fileOf, referenceOf } from '../../src/documents.ts';
import { withGate } from '../../src/gate.ts';
import { exportEqualToOracle } from '../../src/oracle.ts';
import { reaches } from '../../src/progress.ts';
import { put, SONGS_KEY, USERS_KEY } from '../../src/put.ts';
import { reset } from '../../src/reset.ts';
import { SONGS, stream, USERS } from '../../src/rows.ts';
import { scenario } from '../../src/scenario.ts';
import { startsJob } from '../../src/stage-requests.ts';
import { untilTerminal } from '../../src/terminal.ts';
import { until } from '../../src/until.ts';
import type { Put, World } from '../../src/world.ts';

const NAMES = ['streams/é 1+1=2 100%.csv', 'streams/2018/11/a b/c+d%20e.csv', "streams/q&r=s'(~).csv"];
const BROKEN_SONGS = 'reference/songs/broken.csv';

const rowsOf = (i: number): string => stream(`e${i},u1,T1,2018-11-15 10:0${i}:00`, `,u2,T${i + 1},2018-11-15 11:00:00`);

/** Puts the first file, and the others when a run of the first is about to start. */
const putDuringRun = (world: World): Promise<Put[]> =>
  withGate(
    world,
    (request) => startsJob(request, 'ingest'),
    async (gate) => {
      const puts = [await put(world, NAMES[0] ?? '', rowsOf(0))];
      await until(world, 'a run is about to start', async () => gate.arrived > 0);
      for (const [i, name] of NAMES.slice(1).entries()) puts.push(await put(world, name, rowsOf(i + 1)));
      for (const one of puts.slice(1)) await reaches(world, one, 'pending');
      return puts;
    },
  );

export const describeArrivals = (getWorld: () => World): void =>
  scenario('files that arrive', (step) => {
    let puts: Put[] = [];
    let snapshot: string | null = null;

    beforeAll(() => reset(getWorld()));

    step('wait for reference data, whatever their names; those that arrive during a run share one', async () => {
      const world = getWorld();
      puts = await putDuringRun(world);
      const versions = await Promise.all(puts.map((one) => reaches(world, one, 'waiting')));
      const [first, second, third] = versions.map(({ run_id }) => run_id);
      expect(second).toBe(third);
      expect(first).not.toBe(second);
    });

    step('wait while there is only half of the reference data', async () => {
      const world = getWorld();
      await put(world, USERS_KEY, USERS);
      await untilTerminal(world);
      for (const one of puts) expect((await fileOf(world, one.key))?.versions[0]?.state).toBe('waiting');
    });

    step('go on once it is complete, and end in the table as the oracle computes', async () => {
      const world = getWorld();
      await put(world, SONGS_KEY, SONGS);
      for (const one of puts) await reaches(world, one, 'archived');
      await untilTerminal(world);
      snapshot = (await referenceOf(world))?.reference_version ?? null;
      expect(snapshot).not.toBeNull();
      await exportEqualToOracle(world);
    });

    step('keep their snapshot if a reference file is broken, which is reported', async () => {
      const world = getWorld();
      await put(world, BROKEN_SONGS, 'track_id,duration_ms\nT9,none\n');
      const reference = await until(world, 'the broken file is reported', async () => {
        const found = await referenceOf(world);
        return found?.broken.length ? found : null;
      });
      expect(reference.broken).toMatchObject([{ key: BROKEN_SONGS, reason: { code: 'no_usable_row' } }]);
      expect(reference.reference_version).toBe(snapshot);
      const after = await put(world, 'streams/after.csv', stream('e9,u1,T3,2018-11-15 12:00:00'));
      await reaches(world, after, 'archived');
      await untilTerminal(world);
      expect((await referenceOf(world))?.reference_version).toBe(snapshot);
      await exportEqualToOracle(world);
    });
  });
