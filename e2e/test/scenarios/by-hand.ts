import { PutObjectCommand } from '@aws-sdk/client-s3';
import {
  activeKey,
  DateDocument,
  dateKey,
  type FileRequested,
  fileId,
  patchesKey,
  requestStage,
  runKey,
} from '@music-etl/contracts';
import { newestOf, reaches, read, referenceOf, reprocessed, stageReaches } from '../../src/documents.ts';
import { send } from '../../src/messages.ts';
import { emptied, put, SONGS_KEY, terminal, USERS_KEY } from '../../src/putting.ts';
import { SONGS, stream, USERS } from '../../src/rows.ts';
import { scenario } from '../../src/scenario.ts';
import { until } from '../../src/until.ts';
import type { World } from '../../src/world.ts';

const KEY = 'streams/patched.csv';
const BACKFILL = '20261123T100502123-9f86d081';

const write = ({ s3, bucket }: World, key: string, body: string) =>
  s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }));

/** Asks for the file to be reprocessed with row patches, as `music-etl quarantine replay --patches` does. */
const patch = async (world: World, version: number, id: string, patches: string): Promise<void> => {
  const patches_key = patchesKey(fileId(KEY), version, id);
  await write(world, patches_key, patches);
  const request: FileRequested = {
    ...{ type: 'file.requested', schema_version: 1, action: 'replay', request_id: id, key: KEY, version },
    ...{ why: 'the clock was wrong', requested_by: 'ann', requested_at: new Date().toISOString(), patches_key },
  };
  await send(world, 'ingest', JSON.stringify(request));
};

const generationOf = async (world: World, date: string): Promise<number | undefined> =>
  (await read(world, dateKey(date), DateDocument))?.generation;

export const describeByHand = (the: () => World): void =>
  scenario('what a person asks for', (step) => {
    beforeAll(async () => {
      const world = the();
      await emptied(world);
      await put(world, USERS_KEY, USERS);
      await put(world, SONGS_KEY, SONGS);
      await terminal(world);
    });

    step('row patches count in place of what the file says', async () => {
      const world = the();
      const rows = stream('m1,u1,T1,2018-11-15 10:00:00', 'm2,u2,T2,soon', 'm3,u3,T3,2018-11-25 10:00:00');
      await reaches(world, await put(world, KEY, rows), 'archived');
      await terminal(world);
      await patch(world, 1, '0000fade', '{"row": 2, "set": {"listen_time": "2018-11-16 10:00:00"}}\n');
      expect(await reprocessed(world, KEY, 2)).toMatchObject({
        ledger: { read: 3, accepted: 3, quarantined: {} },
        dates: { '2018-11-15': 1, '2018-11-16': 1, '2018-11-25': 1 },
      });
      await terminal(world);
    });

    step('a patch of a row that does not exist rejects the replay, and what stood stands', async () => {
      const world = the();
      await patch(world, 2, '0000beef', '{"row": 9, "set": {"user_id": "u1"}}\n');
      await until(world, 'the replay is rejected', async () => (await newestOf(world, KEY))?.state === 'rejected');
      expect(await newestOf(world, KEY)).toMatchObject({
        version: 3,
        reason: { code: 'bad_patches', detail: expect.stringMatching(/^line 1 of .*: row 9 does not exist/) },
      });
      await terminal(world);
      expect((await read(world, dateKey('2018-11-16'), DateDocument))?.ledger).toMatchObject({
        accepted: 1,
        counted: 1,
      });
    });

    step('a backfill computes exactly the dates it names, and all that follows follows', async () => {
      const world = the();
      const before = await generationOf(world, '2018-11-25');
      const first = (await generationOf(world, '2018-11-15')) ?? 0;
      const run = {
        ...{ schema_version: 1, run_id: BACKFILL, created_at: new Date().toISOString(), files: [] },
        ...{ reference_changed: false, dates: ['2018-11-15'], why: 'to see' },
        reference_version: (await referenceOf(world))?.reference_version,
      };
      await write(world, runKey(BACKFILL), JSON.stringify(run));
      await write(world, activeKey(BACKFILL, 'kpi'), JSON.stringify({ run_id: BACKFILL }));
      await send(world, 'kpi', JSON.stringify(requestStage('kpi', BACKFILL, new Date())));
      await stageReaches(world, BACKFILL, 'archive', ({ state }) => state === 'closed');
      await terminal(world);
      expect(await generationOf(world, '2018-11-15')).toBeGreaterThan(first);
      expect(await generationOf(world, '2018-11-25')).toBe(before);
    });
  });
