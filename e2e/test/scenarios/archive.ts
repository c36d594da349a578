import { DeleteObjectsCommand, GetObjectCommand, ListObjectVersionsCommand } from '@aws-sdk/client-s3';
import { ArchiveResult, DateDocument, dateKey, fileId, resultKey } from '@music-etl/contracts';
import { z } from 'zod';
import { keysUnder, read } from '../../src/documents.ts';
import { withGate } from '../../src/gate.ts';
import { exportEqualToOracle } from '../../src/oracle.ts';
import { reaches, runOf } from '../../src/progress.ts';
import { put } from '../../src/put.ts';
import { resetWithReference } from '../../src/reset.ts';
import { stream } from '../../src/rows.ts';
import { scenario } from '../../src/scenario.ts';
import { startsJobOf } from '../../src/stage-requests.ts';
import { untilTerminal } from '../../src/terminal.ts';
import { until } from '../../src/until.ts';
import type { Put, World } from '../../src/world.ts';

const KEY = 'streams/déjà vu +1%.csv';

const Lineage = z.object({
  run_id: z.string(),
  files: z.array(
    z.object({
      key: z.string(),
      version: z.int(),
      archived_to: z.string().nullable(),
      dates: z.record(z.string(), z.int()),
      rows: z.array(z.object({ archived_to: z.string() })),
    }),
  ),
  dates: z.record(
    z.string(),
    z.object({
      generation: z.int(),
      loaded: z.object({ written: z.int() }).nullable(),
      objects: z.record(z.string(), z.object({ archived_to: z.string().nullable(), items: z.int() })),
    }),
  ),
});

const versionIdsOf = async ({ s3, bucket }: World, key: string): Promise<(string | undefined)[]> => {
  const { Versions = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket: bucket, Prefix: key }));
  return Versions.map(({ VersionId }) => VersionId);
};

const bytesOf = async ({ s3, bucket }: World, key: string): Promise<Buffer> => {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  return Buffer.from((await Body?.transformToByteArray()) ?? []);
};

/** Puts a file, and corrects it when the first run is about to archive it. Returns both uploads. */
const correctWhileArchiving = async (world: World): Promise<{ first: Put; firstRun: string }> => {
  const first = await put(world, KEY, stream('e1,u1,T1,2018-11-15 10:00:00'));
  const firstRun = await runOf(world, first);
  await withGate(
    world,
    (request) => startsJobOf(request, 'archive', firstRun),
    async (archiving) => {
      await until(world, 'the first run is about to archive', async () => archiving.arrived > 0);
      const next = await put(world, KEY, stream('e1,u1,T2,2018-11-15 10:00:00'));
      const nextRun = await runOf(world, next);
      await withGate(
        world,
        (request) => startsJobOf(request, 'validate', nextRun),
        async (validating) => {
          await until(world, 'the next run is about to validate', async () => validating.arrived > 0);
          archiving.open();
          await reaches(world, first, 'archived');
          expect(await versionIdsOf(world, KEY)).toEqual([next.versionId]);
        },
      );
      await reaches(world, next, 'archived');
    },
  );
  return { first, firstRun };
};

export const describeArchive = (getWorld: () => World): void =>
  scenario('the archive', (step) => {
    let old: Put;
    let result: ArchiveResult;

    beforeAll(() => resetWithReference(getWorld()));

    step('removes exactly the archived versions from streams/: a file that changed meanwhile stays', async () => {
      const world = getWorld();
      const { first, firstRun } = await correctWhileArchiving(world);
      old = first;
      await untilTerminal(world);
      expect(await versionIdsOf(world, 'streams/')).toEqual([]);
      result = await until(world, 'the result exists', () =>
        read(world, resultKey(firstRun, 'archive'), ArchiveResult),
      );
      await exportEqualToOracle(world);
    });

    step('has raw file, rows, KPIs and their lineage in a dated folder', async () => {
      const world = getWorld();
      const day = new Date().toISOString().slice(0, 10).replaceAll('-', '/');
      expect(result.archive_prefix).toBe(`archived/${day}/${result.run_id}/`);
      const [file] = result.files;
      expect(file).toMatchObject({ key: KEY, version: 1, version_id: old.versionId, deleted: true });
      expect(await bytesOf(world, file?.archived_to ?? '')).toEqual(old.body);

      const lineage = Lineage.parse(JSON.parse((await bytesOf(world, result.lineage_key)).toString('utf8')));
      expect(lineage.files).toMatchObject([{ key: KEY, version: 1, dates: { '2018-11-15': 1 } }]);
      expect(Object.keys(lineage.dates)).toEqual(['2018-11-15', '2018-11-16', '2018-11-17']);
      expect(lineage.dates['2018-11-15']?.loaded?.written).toBeGreaterThan(0);
      const named = [
        ...lineage.files.flatMap(({ archived_to, rows }) => [archived_to, ...rows.map((row) => row.archived_to)]),
        ...Object.values(lineage.dates).flatMap(({ objects }) =>
          Object.values(objects).map(({ archived_to }) => archived_to),
        ),
        result.lineage_key,
      ];
      expect(new Set(await keysUnder(world, result.archive_prefix))).toEqual(new Set(named));
      expect(named).toHaveLength(result.objects + 1);
    });

    step('is read for a late file, after the lifecycle has removed the rows of its date', async () => {
      const world = getWorld();
      const Objects = (await keysUnder(world, 'validated/')).map((Key) => ({ Key }));
      expect(Objects.length).toBeGreaterThan(1);
      await world.s3.send(new DeleteObjectsCommand({ Bucket: world.bucket, Delete: { Objects } }));
      const late = await put(world, 'streams/late.csv', stream('e2,u2,T3,2018-11-15 12:00:00'));
      await reaches(world, late, 'archived');
      await untilTerminal(world);
      const date = await read(world, dateKey('2018-11-15'), DateDocument);
      expect(date).toMatchObject({
        ledger: { accepted: 2, duplicate: 0 },
        files: [fileId(KEY), fileId(late.key)].sort(),
      });
      await exportEqualToOracle(world);
    });
  });
