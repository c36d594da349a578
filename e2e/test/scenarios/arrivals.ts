import { fileOf, reaches, referenceOf } from '../../src/documents.ts';
import { startsJob, whileGated } from '../../src/faults.ts';
import { exportEqualToOracle } from '../../src/oracle.ts';
import { emptied, put, SONGS_KEY, terminal, USERS_KEY } from '../../src/putting.ts';
import { SONGS, stream, USERS } from '../../src/rows.ts';
import { scenario } from '../../src/scenario.ts';
import { until } from '../../src/until.ts';
import type { Put, World } from '../../src/world.ts';

const NAMES = ['streams/é 1+1=2 100%.csv', 'streams/2018/11/a b/c+d%20e.csv', "streams/q&r=s'(~).csv"];

export const describeArrivals = (the: () => World): void =>
  scenario('files that arrive', (step) => {
    const puts: Put[] = [];
    let snapshot: string | null = null;

    beforeAll(() => emptied(the()));

    step(
      'wait, whatever their names, where there is no reference data; those that come during a run go together',
      async () => {
        const world = the();
        const rows = (i: number): string =>
          stream(`e${i},u1,T1,2018-11-15 10:0${i}:00`, `,u2,T${i + 1},2018-11-15 11:00:00`);
        await whileGated(
          world,
          (request) => startsJob(request, 'ingest'),
          async (gate) => {
            puts.push(await put(world, NAMES[0] ?? '', rows(0)));
            await until(world, 'a run is about to start', async () => gate.arrived > 0);
            for (const [i, name] of NAMES.slice(1).entries()) puts.push(await put(world, name, rows(i + 1)));
            for (const one of puts.slice(1)) await reaches(world, one, 'pending');
          },
        );
        const versions = await Promise.all(puts.map((one) => reaches(world, one, 'waiting')));
        const [first, second, third] = versions.map(({ run_id }) => run_id);
        expect(second).toBe(third);
        expect(first).not.toBe(second);
      },
    );

    step('wait on while only half of the reference data is there', async () => {
      const world = the();
      await put(world, USERS_KEY, USERS);
      await terminal(world);
      for (const one of puts) expect((await fileOf(world, one.key))?.versions[0]?.state).toBe('waiting');
    });

    step('go on by themselves when it is complete, and end in the table as the oracle says', async () => {
      const world = the();
      await put(world, SONGS_KEY, SONGS);
      for (const one of puts) await reaches(world, one, 'archived');
      await terminal(world);
      snapshot = (await referenceOf(world))?.reference_version ?? null;
      expect(snapshot).not.toBeNull();
      await exportEqualToOracle(world);
    });

    step('a broken reference file is named and never replaces a good snapshot', async () => {
      const world = the();
      await put(world, 'reference/songs/broken.csv', 'track_id,duration_ms\nT9,none\n');
      const reference = await until(world, 'the broken file is named', async () => {
        const found = await referenceOf(world);
        return found?.broken.length ? found : null;
      });
      expect(reference.broken).toMatchObject([
        { key: 'reference/songs/broken.csv', reason: { code: 'no_usable_row' } },
      ]);
      expect(reference.reference_version).toBe(snapshot);
      const after = await put(world, 'streams/after.csv', stream('e9,u1,T3,2018-11-15 12:00:00'));
      await reaches(world, after, 'archived');
      await terminal(world);
      expect((await referenceOf(world))?.reference_version).toBe(snapshot);
      await exportEqualToOracle(world);
    });
  });
