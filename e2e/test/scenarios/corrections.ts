import { HeadObjectCommand } from '@aws-sdk/client-s3';
import { fileOf, reaches, runOf, versionOf } from '../../src/documents.ts';
import { startsJob, whileGated } from '../../src/faults.ts';
import { exportEqualToOracle } from '../../src/oracle.ts';
import { emptied, put, SONGS_KEY, terminal, USERS_KEY } from '../../src/putting.ts';
import { SONGS, stream, USERS } from '../../src/rows.ts';
import { scenario } from '../../src/scenario.ts';
import { until } from '../../src/until.ts';
import type { Put, World } from '../../src/world.ts';

const A = 'streams/a.csv';
const FIRST = stream(
  'e1,u1,T1,2018-11-15 10:00:00,200000,phone',
  'e2,u1,T2,2018-11-15 11:00:00,,phone',
  'e3,u2,T1,2018-11-16 10:00:00',
);
const CORRECTED = stream('e3,u2,T2,2018-11-16 10:00:00', 'e4,u1,T3,2018-11-17 23:50:00');
const GOOD_REST = stream('e5,u3,T2,2018-11-16 09:00:00,10000', 'e6,u3,T3,2018-11-16 09:30:00');

const itemsOf = async (world: World, metricKey: string): Promise<string[]> => {
  const periods: string[] = [];
  for await (const { period } of world.reached.table.partition(metricKey, '0', '9')) periods.push(period?.S ?? '');
  return periods;
};

const isThere = ({ s3, bucket }: World, { key, versionId }: Put): Promise<boolean> =>
  s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key, VersionId: versionId })).then(
    () => true,
    () => false,
  );

export const describeCorrections = (the: () => World): void =>
  scenario('files that come again', (step) => {
    let corrected: Put;

    beforeAll(async () => {
      const world = the();
      await emptied(world);
      await put(world, USERS_KEY, USERS);
      await put(world, SONGS_KEY, SONGS);
      await terminal(world);
    });

    step(
      'a file with too many quarantined rows is held, an unreadable one rejected, each with its reason; the others go on',
      async () => {
        const world = the();
        const [a, held, rejected, rest] = await Promise.all([
          put(world, A, FIRST),
          put(
            world,
            'streams/held.csv',
            stream('h1,nobody,T1,2018-11-15 10:00:00', 'h2,u1,T1,2018-11-15 10:00:00', 'h3,u1,,2018-11-15 10:00:00'),
          ),
          put(world, 'streams/rejected.csv', 'user_id,when\nu1,2018-11-15 10:00:00\n'),
          put(world, 'streams/rest.csv', GOOD_REST),
        ]);
        expect((await reaches(world, held, 'held')).reason?.code).toBe('too_many_quarantined');
        expect((await reaches(world, rejected, 'rejected')).reason).toMatchObject({ code: 'missing_column' });
        await reaches(world, a, 'archived');
        await reaches(world, rest, 'archived');
        await terminal(world);
        expect(await itemsOf(world, 'genre_daily#jazz')).toEqual(['2018-11-15', '2018-11-16']);
        await exportEqualToOracle(world);
      },
    );

    step(
      'a correction replaces the old rows on every date, empties a date it leaves, and its items vanish from the table',
      async () => {
        const world = the();
        corrected = await put(world, A, CORRECTED);
        expect((await reaches(world, corrected, 'archived')).version).toBe(2);
        await terminal(world);
        expect(await itemsOf(world, 'daily_overview')).toEqual(['2018-11-16', '2018-11-17']);
        expect(await itemsOf(world, 'genre_daily#jazz')).toEqual(['2018-11-16']);
        expect(await itemsOf(world, 'device_daily#phone')).toEqual([]);
        await exportEqualToOracle(world);
      },
    );

    step('the same content again is noted, skipped and taken away', async () => {
      const world = the();
      const runId = await runOf(world, corrected);
      const again = await put(world, A, CORRECTED);
      await until(world, 'the repeat is taken away', async () => (await isThere(world, again)) === false);
      await terminal(world);
      const file = await fileOf(world, A);
      expect(file?.versions.map(({ version, repeats }) => [version, repeats])).toEqual([
        [1, []],
        [2, [again.versionId]],
      ]);
      expect((await versionOf(world, again))?.run_id).toBe(runId);
    });

    step('a correction that is rejected leaves what it corrects standing, however quickly it came', async () => {
      const world = the();
      const key = 'streams/quick.csv';
      const [good, bad] = await whileGated(
        world,
        (request) => startsJob(request, 'ingest'),
        async (gate) => {
          await put(world, 'streams/slow.csv', stream('s1,u3,T1,2018-11-16 20:00:00'));
          await until(world, 'a run is about to start', async () => gate.arrived > 0);
          const first = await put(world, key, stream('q1,u3,T2,2018-11-16 21:00:00'));
          await reaches(world, first, 'pending');
          const second = await put(world, key, 'user_id,track_id\nu3,T2\n');
          await reaches(world, second, 'pending');
          return [first, second];
        },
      );
      await reaches(world, good, 'archived');
      await reaches(world, bad, 'rejected');
      await terminal(world);
      await exportEqualToOracle(world);
    });

    step('a held and a rejected file count once they are corrected', async () => {
      const world = the();
      const [held, rejected] = await Promise.all([
        put(world, 'streams/held.csv', stream('h1,u1,T1,2018-11-15 10:00:00')),
        put(world, 'streams/rejected.csv', stream('r1,u2,T3,2018-11-18 10:00:00')),
      ]);
      expect((await reaches(world, held, 'archived')).version).toBe(2);
      expect((await reaches(world, rejected, 'archived')).version).toBe(2);
      await terminal(world);
      await exportEqualToOracle(world);
    });
  });
