import type { Command } from 'commander';
import { fold } from '../shared/format.ts';
import { withTarget } from '../shared/reach.ts';
import { openScreen } from '../shared/screen.ts';
import { type TargetOptions, withBucketOption } from '../shared/target-options.ts';
import { collectUploads } from './collect-uploads.ts';
import { streamColumnWords } from './detect-format.ts';
import { readKnownContents } from './known-contents.ts';
import { putAll } from './put.ts';
import { uploadLines } from './render.ts';

interface Options extends TargetOptions {
  songs?: string[];
  users?: string[];
}

const put = async (others: readonly string[], { songs = [], users = [], ...options }: Options): Promise<void> => {
  const screen = openScreen(process.stdout);
  const uploads = await collectUploads({ songs, users, others });
  const ignored = new Map(uploads.map((upload) => [upload.key, upload.ignored]));
  let repeats = 0;
  await withTarget(options, async ({ objects, target }) => {
    const findRepeat = await readKnownContents(objects, uploads);
    await putAll(objects, uploads, screen, (upload, etag) => {
      const repeat = findRepeat(upload, etag);
      for (const line of uploadLines(upload, target.bucket, ignored.get(upload.key) ?? [], repeat)) screen.line(line);
      repeats += repeat ? 1 : 0;
    });
  });
  if (repeats < uploads.length) screen.line('watch what happens: npx music-etl status --watch');
};

const collect = (path: string, before: string[] = []): string[] => [...before, path];

const HELP = [
  '',
  'Columns of a stream:',
  ...fold(`required: ${streamColumnWords(true)}`, 2),
  ...fold(`optional: ${streamColumnWords(false)}`, 2),
  'Others are ignored, and named (those of Parquet are not looked at).',
  '',
  'A file put again under the same name is a correction: its rows replace those of',
  'the version before. With the same content it is skipped.',
].join('\n');

/** Adds `put`. */
export const addPut = (program: Command): void => {
  const command = program
    .command('put')
    .description('upload stream and reference files; their kind is detected by their columns')
    .argument('[files...]', 'CSV, JSON lines or Parquet; plain, gzip or zstd')
    .option('--songs <file>', 'upload as songs, whatever its columns; may be repeated', collect)
    .option('--users <file>', 'upload as users, whatever its columns; may be repeated', collect);
  withBucketOption(command).addHelpText('after', HELP).action(put);
};
