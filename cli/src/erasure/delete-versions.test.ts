import { S3Client, type ServiceInputTypes, type ServiceOutputTypes } from '@aws-sdk/client-s3';
import { deleteForGood } from './delete-versions.ts';

const config = { region: 'eu-central-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };

/** Builds a real client whose commands are answered before it opens a connection. */
const s3Answering = (answer: (input: ServiceInputTypes) => unknown): S3Client => {
  const s3 = new S3Client(config);
  s3.middlewareStack.add(
    () => async (args) => {
      const output: ServiceOutputTypes = Object.assign({ $metadata: {} }, await answer(args.input));
      return { output, response: {} };
    },
    { step: 'initialize', priority: 'high' },
  );
  return s3;
};

test('every version and marker of exactly one key is deleted, page after page', async () => {
  const deleted: string[] = [];
  const s3 = s3Answering((input) => {
    if ('VersionId' in input && 'Key' in input) {
      deleted.push(`${input.Key} ${input.VersionId}`);
      return {};
    }
    if ('KeyMarker' in input && input.KeyMarker === 'a') {
      return {
        Versions: [
          { Key: 'a', VersionId: '3' },
          { Key: 'a.more', VersionId: '4' },
        ],
      };
    }
    const DeleteMarkers = [{ Key: 'a', VersionId: '2' }];
    return { Versions: [{ Key: 'a', VersionId: '1' }], DeleteMarkers, NextKeyMarker: 'a', NextVersionIdMarker: '2' };
  });
  await deleteForGood(s3, 'bucket', 'a');
  expect(deleted).toEqual(['a 1', 'a 2', 'a 3']);
});
