import { fileOf, objectExists, versionOf } from '../../src/documents.ts';
import { withGate } from '../../src/gate.ts';
import { exportEqualToOracle } from '../../src/oracle.ts';
import { reaches, runOf } from '../../src/progress.ts';
import { put } from '../../src/put.ts';
import { resetWithReference } from '../../src/reset.ts';
import { stream } from '../../src/rows.ts';
import { scenario } from '../../src/scenario.ts';
import { startsJob } from '../../src/stage-requests.ts';
import { untilTerminal } from '../../src/terminal.ts';
import { until } from '../../src/until.ts';
import type { Put, World } from '../../src/world.ts';

const A = 'streams/a.csv';
const HELD = 'streams/held.csv';
const REJECTED = 'streams/rejected.csv';

const FIRST = stream(
  'e1,u1,T1,2018-11-15 10:00:00,200000,phone',
  'e2,u1,T2,2018-11-15 11:00:00,,phone',
  'e3,u2,T1,2018-11-16 10:00:00',
);
const CORRECTED = stream('e3,u2,T2,2018-11-16 10:00:00', 'e4,u1,T3,2018-11-17 23:50:00');
const OTHER = stream('e5,u3,T2,2018-11-16 09:00:00,10000', 'e6,u3,T3,2018-11-16 09:30:00');
const MOSTLY_BAD = stream(
  'h1,nobody,T1,2018-11-15 10:00:00',
  'h2,u1,T1,2018-11-15 10:00:00',
  'h3,u1,,2018-11-15 10:00:00',
);

const periodsOf = async (world: World, metricKey: string): Promise<string[]> => {
  const periods: string[] = [];
  for await (const { period } of world.reached.table.partition(metricKey, '0', '9')) periods.push(period?.S ?? '');
  return periods;
};

/** Puts a good version and a broken one before a run can take the first. */
const putBothBeforeRun = (world: World, key: string): Promise<[Put, Put]> =>
  withGate(
    world,
    (request) => startsJob(request, 'ingest'),
    async (gate) => {
      await put(world, 'streams/slow.csv', stream('s1,u3,T1,2018-11-16 20:00:00'));
      await until(world, 'a run is about to start', async () => gate.arrived > 0);
      const good = await put(world, key, stream('q1,u3,T2,2018-11-16 21:00:00'));
      await reaches(world, good, 'pending');
      const broken = await put(world, key, 'user_id,track_id\nu3,T2\n');
      await reaches(world, broken, 'pending');
      return [good, broken];
    },
  );

export const describeCorrections = (getWorld: () => World): void =>
  scenario('corrections of files', (step) => {
    let corrected: Put;

    beforeAll(() => resetWithReference(getWorld()));

    step('begin with a file on hold and a rejected one, each with its reason; other files go on', async () => {
      const world = getWorld();
      const [a, held, rejected, other] = await Promise.all([
        put(world, A, FIRST),
        put(world, HELD, MOSTLY_BAD),
        put(world, REJECTED, 'user_id,when\nu1,2018-11-15 10:00:00\n'),
        put(world, 'streams/other.csv', OTHER),
      ]);
      expect((await reaches(world, held, 'held')).reason?.code).toBe('too_many_quarantined');
      expect((await reaches(world, rejected, 'rejected')).reason).toMatchObject({ code: 'missing_column' });
      await reaches(world, a, 'archived');
      await reaches(world, other, 'archived');
      await untilTerminal(world);
      expect(await periodsOf(world, 'genre_daily#jazz')).toEqual(['2018-11-15', '2018-11-16']);
      await exportEqualToOracle(world);
    });

    step('replace the old rows on every date, and remove items that vanish from the table', async () => {
      const world = getWorld();
      corrected = await put(world, A, CORRECTED);
      expect((await reaches(world, corrected, 'archived')).version).toBe(2);
      await untilTerminal(world);
      expect(await periodsOf(world, 'daily_overview')).toEqual(['2018-11-16', '2018-11-17']);
      expect(await periodsOf(world, 'genre_daily#jazz')).toEqual(['2018-11-16']);
      expect(await periodsOf(world, 'device_daily#phone')).toEqual([]);
      await exportEqualToOracle(world);
    });

    step('with the same content are recorded as repeats, skipped and removed', async () => {
      const world = getWorld();
      const runId = await runOf(world, corrected);
      const again = await put(world, A, CORRECTED);
      await until(world, 'the repeat is removed', async () => (await objectExists(world, again)) === false);
      await untilTerminal(world);
      const file = await fileOf(world, A);
      expect(file?.versions.map(({ version, repeats }) => [version, repeats])).toEqual([
        [1, []],
        [2, [again.versionId]],
      ]);
      expect((await versionOf(world, again))?.run_id).toBe(runId);
    });

    step('that are rejected leave the version before them current, however soon they come', async () => {
      const world = getWorld();
      const [good, broken] = await putBothBeforeRun(world, 'streams/quick.csv');
      await reaches(world, good, 'archived');
      await reaches(world, broken, 'rejected');
      await untilTerminal(world);
      await exportEqualToOracle(world);
    });

    step('make a held and a rejected file count', async () => {
      const world = getWorld();
      const [held, rejected] = await Promise.all([
        put(world, HELD, stream('h1,u1,T1,2018-11-15 10:00:00')),
        put(world, REJECTED, stream('r1,u2,T3,2018-11-18 10:00:00')),
      ]);
      expect((await reaches(world, held, 'archived')).version).toBe(2);
      expect((await reaches(world, rejected, 'archived')).version).toBe(2);
      await untilTerminal(world);
      await exportEqualToOracle(world);
    });
  });
