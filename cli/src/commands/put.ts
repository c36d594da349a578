import { basename } from 'node:path';
import type { Command } from 'commander';
import { openScreen } from '../adapters/screen.ts';
import { columnsOf, kindOfFile } from '../adapters/sniff.ts';
import { putAll } from '../app/put.ts';
import { UserError } from '../domain/errors.ts';
import { type Upload, uploadOf } from '../domain/keys.ts';
import type { Kind } from '../domain/tell-apart.ts';
import { type PlaceOptions, withPlace } from './context.ts';

interface Options extends PlaceOptions {
  songs?: string[];
  users?: string[];
}

const NAMES: Record<Kind, string> = { stream: 'stream', songs: 'songs', users: 'users' };

const collected = (path: string, before: string[] = []): string[] => [...before, path];

const insisted = async (paths: readonly string[] | undefined, kind: Kind): Promise<Upload[]> => {
  const uploads: Upload[] = [];
  for (const path of paths ?? []) {
    await columnsOf(path);
    uploads.push(uploadOf(path, basename(path), kind));
  }
  return uploads;
};

const collect = async (files: readonly string[], options: Options): Promise<Upload[]> => {
  const uploads = [...(await insisted(options.songs, 'songs')), ...(await insisted(options.users, 'users'))];
  for (const path of files) uploads.push(uploadOf(path, basename(path), await kindOfFile(path)));
  if (uploads.length === 0) throw new UserError('no file was named', 'music-etl put FILE…, see music-etl put --help');
  return uploads;
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
      '\nA file put again under the same name is a correction: its rows replace those of the one before.',
    )
    .action(async (files: string[], options: Options) => {
      const screen = openScreen(process.stdout);
      const uploads = await collect(files, options);
      await withPlace(options, screen, async ({ objects, place }) => {
        await putAll(objects, uploads, screen, ({ path, kind, key }) =>
          screen.line(`${NAMES[kind].padEnd(6)}  ${path} → s3://${place.bucket}/${key}`),
        );
      });
      screen.line('watch what becomes of it: npx music-etl status --watch');
    });
};
