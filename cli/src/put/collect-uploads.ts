import { basename } from 'node:path';
import { UserError } from '../shared/errors.ts';
import { type DetectedFile, detectFile, detectFileAs } from './detect-file.ts';
import { type Upload, uploadOf } from './upload.ts';

/** The files of a command: those of known kind, and those whose kind is to be detected. */
export interface NamedFiles {
  songs: readonly string[];
  users: readonly string[];
  others: readonly string[];
}

/** A file to upload, and its columns that the pipeline ignores. */
export interface CollectedUpload extends Upload {
  ignored: readonly string[];
}

/** Detects what each file holds. @throws UserError for a file that cannot be put, or if there is none */
export const collectUploads = async ({ songs, users, others }: NamedFiles): Promise<CollectedUpload[]> => {
  const uploads: CollectedUpload[] = [];
  const add = (path: string, { kind, ignored }: DetectedFile): void => {
    uploads.push({ ...uploadOf(path, basename(path), kind), ignored });
  };
  for (const path of songs) add(path, await detectFileAs(path, 'songs'));
  for (const path of users) add(path, await detectFileAs(path, 'users'));
  for (const path of others) add(path, await detectFile(path));
  if (uploads.length > 0) return uploads;
  throw new UserError('no file was named', 'music-etl put FILE…, see music-etl put --help');
};
