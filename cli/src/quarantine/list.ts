import { FileDocument, fileId, fileKey } from '@music-etl/contracts';
import { listedFiles } from '../export/listed-files.ts';
import { compareUtf8 } from '../export/order.ts';
import { UserError } from '../shared/errors.ts';
import type { Objects } from '../shared/ports.ts';
import {
  byValidation,
  keysMeant,
  type QuarantinedFile,
  type QuarantineFilter,
  quarantinedVersions,
} from './quarantine.ts';
import { type QuarantinedRow, quarantinedRowsOf } from './quarantined-rows.ts';

/** The document of a file by its key; null where no such file has arrived. Found without listing: its id is its key's. */
export const fileOfKey = async (objects: Pick<Objects, 'read'>, key: string): Promise<FileDocument | null> => {
  const text = await objects.read(fileKey(fileId(key)));
  return text === null ? null : FileDocument.parse(JSON.parse(text));
};

/** @throws UserError where no file of that key, or of that name below streams/, has arrived */
export const namedFile = async (objects: Objects, name: string, said: string = name): Promise<FileDocument> => {
  for (const key of keysMeant(name)) {
    const file = await fileOfKey(objects, key);
    if (file) return file;
  }
  throw new UserError(`${said}: no such file has arrived`, 'give its key, for example streams/2018-11-15.csv');
};

/** A file with quarantined rows of those asked for. */
export interface FileInQuarantine {
  file: FileDocument;
  versions: QuarantinedFile[];
}

/**
 * Files with quarantined rows, by key, as their ledgers count them; no row is read.
 * @throws UserError where the file asked for is not known
 */
export const filesInQuarantine = async (objects: Objects, filter: QuarantineFilter): Promise<FileInQuarantine[]> => {
  const found: FileInQuarantine[] = [];
  const add = (file: FileDocument): void => {
    const versions = quarantinedVersions(file, filter).sort(byValidation);
    if (versions.length > 0) found.push({ file, versions });
  };
  if (filter.file !== null) add(await namedFile(objects, filter.file, `--file ${filter.file}`));
  else for await (const file of listedFiles(objects)) add(file);
  return found.sort((a, b) => compareUtf8(a.file.key, b.file.key));
};

/** Their versions: the one that counts, and a newer held one. */
export const listQuarantine = async (objects: Objects, filter: QuarantineFilter): Promise<QuarantinedFile[]> =>
  (await filesInQuarantine(objects, filter)).flatMap(({ versions }) => versions);

/** Up to `limit` quarantined rows, in the order of `files` and of their lines; reads no further than it shows. */
export async function* quarantineRows(
  objects: Objects,
  files: readonly QuarantinedFile[],
  { reason }: QuarantineFilter,
  limit: number,
): AsyncGenerator<{ file: QuarantinedFile; row: QuarantinedRow }> {
  let shown = 0;
  for (const file of files) {
    for await (const row of quarantinedRowsOf(objects, file.quarantine_key)) {
      if (reason !== null && row.reason !== reason) continue;
      yield { file, row };
      shown += 1;
      if (shown === limit) return;
    }
  }
}
