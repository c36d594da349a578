import { DeleteObjectCommand } from '@aws-sdk/client-s3';
import { reaches, runOf } from '../../src/documents.ts';
import { startsJob, whileGated } from '../../src/faults.ts';
import { deadLetter, throwAway } from '../../src/messages.ts';
import { emptied, put, SONGS_KEY, terminal, USERS_KEY } from '../../src/putting.ts';
import { SONGS, stream, USERS } from '../../src/rows.ts';
import { scenario } from '../../src/scenario.ts';
import { until } from '../../src/until.ts';
import type { Put, World } from '../../src/world.ts';

const vanish = async ({ s3, bucket }: World, { key, versionId }: Put): Promise<void> => {
  await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key, VersionId: versionId }));
};

/** Deletes what was put just before a stage's job looks for it. */
const vanishBefore = (world: World, stage: 'ingest' | 'validate', puts: () => Promise<Put>): Promise<Put> =>
  whileGated(
    world,
    (request) => startsJob(request, stage),
    async (gate) => {
      const file = await puts();
      await until(world, `${stage} is about to start`, async () => gate.arrived > 0);
      await vanish(world, file);
      return file;
    },
  );

export const describeVanished = (the: () => World): void =>
  scenario('files that somebody deletes for good', (step) => {
    beforeAll(async () => {
      const world = the();
      await emptied(world);
      await put(world, USERS_KEY, USERS);
      await put(world, SONGS_KEY, SONGS);
      await terminal(world);
    });

    step('before they were read are rejected; the others of their run go on; put again, they count', async () => {
      const world = the();
      const rows = stream('v1,u1,T1,2018-11-15 10:00:00');
      let other: Put | undefined;
      const file = await vanishBefore(world, 'ingest', async () => {
        const gone = await put(world, 'streams/gone.csv', rows);
        other = await put(world, 'streams/other.csv', stream('v2,u2,T2,2018-11-15 10:00:00'));
        return gone;
      });
      expect((await reaches(world, file, 'rejected')).reason).toMatchObject({ code: 'missing_object' });
      if (other) await reaches(world, other, 'archived');
      await terminal(world);
      expect((await reaches(world, await put(world, file.key, rows), 'archived')).version).toBe(2);
      await terminal(world);
    });

    step('between ingest and validate are a dead letter that names them', async () => {
      const world = the();
      const file = await vanishBefore(world, 'validate', () =>
        put(world, 'streams/lost.csv', stream('v3,u1,T1,2018-11-15 11:00:00')),
      );
      const letter = await deadLetter(world, 'validate', await runOf(world, file));
      expect(letter.attributes.error).toContain('streams/lost.csv');
      await throwAway(world, 'validate');
    });
  });
