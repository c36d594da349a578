import { DeleteObjectCommand } from '@aws-sdk/client-s3';
import { withGate } from '../../src/gate.ts';
import { deadLetter, purgeDeadLetters } from '../../src/messages.ts';
import { reaches, runOf } from '../../src/progress.ts';
import { put } from '../../src/put.ts';
import { resetWithReference } from '../../src/reset.ts';
import { stream } from '../../src/rows.ts';
import { scenario } from '../../src/scenario.ts';
import { startsJob } from '../../src/stage-requests.ts';
import { untilTerminal } from '../../src/terminal.ts';
import { until } from '../../src/until.ts';
import type { Put, World } from '../../src/world.ts';

const deleteVersion = async ({ s3, bucket }: World, { key, versionId }: Put): Promise<void> => {
  await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key, VersionId: versionId }));
};

/** Puts a file, and deletes its version when a stage's job is about to start. */
const deleteBefore = (world: World, stage: 'ingest' | 'validate', putFile: () => Promise<Put>): Promise<Put> =>
  withGate(
    world,
    (request) => startsJob(request, stage),
    async (gate) => {
      const file = await putFile();
      await until(world, `${stage} is about to start`, async () => gate.arrived > 0);
      await deleteVersion(world, file);
      return file;
    },
  );

export const describeVanished = (getWorld: () => World): void =>
  scenario('files whose version is deleted', (step) => {
    beforeAll(() => resetWithReference(getWorld()));

    step('before ingest are rejected; the others of their run go on, and a new upload counts', async () => {
      const world = getWorld();
      const rows = stream('v1,u1,T1,2018-11-15 10:00:00');
      let other: Put | undefined;
      const file = await deleteBefore(world, 'ingest', async () => {
        const gone = await put(world, 'streams/gone.csv', rows);
        other = await put(world, 'streams/other.csv', stream('v2,u2,T2,2018-11-15 10:00:00'));
        return gone;
      });
      expect((await reaches(world, file, 'rejected')).reason).toMatchObject({ code: 'missing_object' });
      if (other) await reaches(world, other, 'archived');
      await untilTerminal(world);
      expect((await reaches(world, await put(world, file.key, rows), 'archived')).version).toBe(2);
      await untilTerminal(world);
    });

    step('between ingest and validate are named by a dead-letter message', async () => {
      const world = getWorld();
      const file = await deleteBefore(world, 'validate', () =>
        put(world, 'streams/lost.csv', stream('v3,u1,T1,2018-11-15 11:00:00')),
      );
      const { attributes } = await deadLetter(world, 'validate', await runOf(world, file));
      expect(attributes.error).toContain('streams/lost.csv');
      await purgeDeadLetters(world, 'validate');
    });
  });
