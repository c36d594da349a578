import { type FileDocument, STREAMS_PREFIX } from '@music-etl/contracts';
import { UserError } from '../shared/errors.ts';
import { readFile, streamFiles } from '../shared/file-documents.ts';
import { compareUtf8 } from '../shared/order.ts';
import type { Objects } from '../shared/ports.ts';
import type { QuarantineFilter } from './filter.ts';
import { type QuarantinedVersion, quarantinedVersions, versionNumber } from './quarantined-version.ts';

/**
 * Finds a file by its key, or by its name below streams/.
 * @throws UserError if no such file has arrived
 */
export const findFile = async (
  objects: Pick<Objects, 'read'>,
  name: string,
  argument: string = name,
): Promise<FileDocument> => {
  const file = (await readFile(objects, name)) ?? (await readFile(objects, STREAMS_PREFIX + name));
  if (file) return file;
  throw new UserError(`${argument}: no such file has arrived`, 'give its key, for example streams/2018-11-15.csv');
};

/** A file with its versions that have matching quarantined rows, oldest first. */
export interface QuarantinedFile {
  file: FileDocument;
  versions: QuarantinedVersion[];
}

/**
 * Lists files with matching quarantined rows, by key. It reads the files' ledgers, and no row.
 * @throws UserError if the filter names an unknown file
 */
export const quarantinedFiles = async (objects: Objects, filter: QuarantineFilter): Promise<QuarantinedFile[]> => {
  const found: QuarantinedFile[] = [];
  const add = (file: FileDocument): void => {
    const versions = quarantinedVersions(file, filter).sort((a, b) => versionNumber(a) - versionNumber(b));
    if (versions.length > 0) found.push({ file, versions });
  };
  if (filter.file !== null) add(await findFile(objects, filter.file, `--file ${filter.file}`));
  else for await (const file of streamFiles(objects)) add(file);
  return found.sort((a, b) => compareUtf8(a.file.key, b.file.key));
};

/** Lists the versions of these files: the current version, and a newer one on hold. */
export const listQuarantine = async (objects: Objects, filter: QuarantineFilter): Promise<QuarantinedVersion[]> =>
  (await quarantinedFiles(objects, filter)).flatMap(({ versions }) => versions);
