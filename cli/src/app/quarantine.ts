import { FileDocument, fileId, fileKey } from '@music-etl/contracts';
import { UserError } from '../domain/errors.ts';
import {
  byPlace,
  keysMeant,
  type QuarantinedFile,
  type QuarantineFilter,
  quarantinedVersions,
} from '../domain/quarantine.ts';
import { listedFiles } from './listed-files.ts';
import type { Objects } from './ports.ts';
import { type QuarantinedRow, quarantinedRowsOf } from './quarantined-rows.ts';

/** A file's id follows from its key: one that is asked for is found without listing. */
const namedFile = async (objects: Objects, name: string): Promise<FileDocument> => {
  for (const key of keysMeant(name)) {
    const text = await objects.read(fileKey(fileId(key)));
    if (text !== null) return FileDocument.parse(JSON.parse(text));
  }
  throw new UserError(`--file ${name}: no such file has arrived`, 'give its key, for example streams/2018-11-15.csv');
};

/**
 * File versions with refused rows, as their ledgers count them; no row is read.
 * @throws UserError where the file asked for is not known
 */
export const listQuarantine = async (objects: Objects, filter: QuarantineFilter): Promise<QuarantinedFile[]> => {
  if (filter.file !== null) return quarantinedVersions(await namedFile(objects, filter.file), filter);
  const found: QuarantinedFile[] = [];
  for await (const document of listedFiles(objects)) found.push(...quarantinedVersions(document, filter));
  return found.sort(byPlace);
};

/** Up to `limit` refused rows, in the order of `files` and of their lines; reads no further than it shows. */
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
