import { FakeBucket, forgetOptions } from './fake-bucket.ts';
import { forgetUser } from './forget-user.ts';
import { summaryLines } from './render-summary.ts';

test('the summary shows what was erased and what is left to the owner', async () => {
  const { summary } = await forgetUser(new FakeBucket().deps(), forgetOptions());
  expect(summary && summaryLines(summary).slice(1).join('\n')).toMatchInlineSnapshot(`
"  files    1 file rewritten without 3 rows, 1 reprocessed
  dates    1 date recomputed: 2018-11-15
  items    2 removed from the table
  objects  versions deleted for good: archived/ 3, kpis/ 5
left to you
  - reference/users/, reference/snapshots/: they name the user; put a users file without, delete older versions
  - point-in-time backups of the table music_streaming_kpis: they expire by themselves after at most 35 days
  - copies elsewhere: exports, replicas and backups of the bucket, and the system that sent the files"
`);
});
