import { basename } from 'node:path';
import type { Command } from 'commander';
import { UserError } from '../shared/errors.ts';
import { printable } from '../shared/printable.ts';
import { withTarget } from '../shared/reach.ts';
import { openScreen } from '../shared/screen.ts';
import type { TargetOptions } from '../shared/target-options.ts';
import { type Sniffed, sniff, sniffAs } from './detect-file.ts';
import type { Kind } from './detect-format.ts';
import { knownContents } from './known-contents.ts';
import { putAll } from './put.ts';
import { type Upload, uploadOf } from './upload.ts';

interface Options extends TargetOptions {
  songs?: string[];
  users?: string[];
}

const NAMES: Record<Kind, string> = { stream: 'stream', songs: 'songs', users: 'users' };

const collected = (path: string, before: string[] = []): string[] => [...before, path];

/** What is to be uploaded, and of each file the columns that will be left out. */
interface Collected {
  uploads: Upload[];
  ignored: Map<string, string[]>;
}

const collect = async (files: readonly string[], options: Options): Promise<Collected> => {
  const uploads: Upload[] = [];
  const ignored = new Map<string, string[]>();
  const add = (path: string, sniffed: Sniffed): void => {
    const upload = uploadOf(path, basename(path), sniffed.kind);
    uploads.push(upload);
    ignored.set(upload.key, sniffed.ignored);
  };
  for (const path of options.songs ?? []) add(path, await sniffAs(path, 'songs'));
  for (const path of options.users ?? []) add(path, await sniffAs(path, 'users'));
  for (const path of files) add(path, await sniff(path));
  if (uploads.length === 0) throw new UserError('no file was named', 'music-etl put FILE…, see music-etl put --help');
  return { uploads, ignored };
};

const MOST_NAMED = 12;

const ignoredWords = (columns: readonly string[]): string => {
  const more = columns.length - MOST_NAMED;
  return `ignored columns: ${columns.slice(0, MOST_NAMED).map(printable).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
};

const put = async (files: readonly string[], options: Options): Promise<void> => {
  const screen = openScreen(process.stdout);
  const { uploads, ignored } = await collect(files, options);
  let repeats = 0;
  await withTarget(options, async ({ objects, target }) => {
    const repeated = await knownContents(objects, uploads);
    await putAll(objects, uploads, screen, (upload, etag) => {
      const { path, kind, key } = upload;
      screen.line(`${NAMES[kind].padEnd(6)}  ${path} → s3://${target.bucket}/${key}`);
      const left = ignored.get(key) ?? [];
      if (left.length > 0) screen.line(`        ${ignoredWords(left)}`);
      const same = repeated(upload, etag);
      if (same) screen.line(`        ${same}`);
      repeats += same ? 1 : 0;
    });
  });
  if (repeats < uploads.length) screen.line('watch what becomes of it: npx music-etl status --watch');
};

export const addPut = (program: Command): void => {
  program
    .command('put')
    .description('upload stream and reference files; what each is, its columns tell')
    .argument('[files...]', 'CSV, JSON lines or Parquet; plain, gzip or zstd')
    .option('--songs <file>', 'upload as songs, whatever it looks like; may be repeated', collected)
    .option('--users <file>', 'upload as users, whatever it looks like; may be repeated', collected)
    .option('--bucket <name>', 'the bucket, if not $MUSIC_ETL_BUCKET or the default one')
    .addHelpText(
      'after',
      '\nA file put again under the same name is a correction: its rows replace those of the one before; with the same content\nit is skipped. Columns that are none of a stream are ignored, and named (of Parquet they are not looked at).',
    )
    .action(put);
};
