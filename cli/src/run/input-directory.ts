import { readdir, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { checkKeys, type Upload, uploadOf } from '../put/upload.ts';
import { UserError } from '../shared/errors.ts';
import { sortUtf8 } from '../shared/order.ts';

const isFile = async (path: string): Promise<boolean> => (await stat(path).catch(() => null))?.isFile() ?? false;

const filesBelow = async (dir: string): Promise<string[]> => {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => !entry.isDirectory() && !entry.name.startsWith('.'));
  return sortUtf8(files.map((entry) => relative(dir, join(entry.parentPath, entry.name))));
};

const REFERENCES = [
  { name: 'songs.csv', kind: 'songs' },
  { name: 'users.csv', kind: 'users' },
] as const;

/**
 * Reads the directory of a run: songs.csv, users.csv and streams/*.
 * @throws UserError where one of them is missing: without both references every stream file would wait for ever
 */
export const readInputDirectory = async (dir: string): Promise<{ uploads: Upload[] }> => {
  const found = await stat(dir).catch(() => null);
  if (!found?.isDirectory()) throw new UserError(`${dir}: there is no such directory`, 'check the name');
  const uploads: Upload[] = [];
  const missing: string[] = [];
  for (const { name, kind } of REFERENCES) {
    const path = join(dir, name);
    if (await isFile(path)) uploads.push(uploadOf(path, name, kind));
    else missing.push(name);
  }
  const streams = await filesBelow(join(dir, 'streams'));
  const lacks = [...missing, ...(streams.length === 0 ? ['streams/*'] : [])];
  if (lacks.length > 0) {
    throw new UserError(
      `${dir} has no ${lacks.join(', no ')}`,
      'run needs songs.csv, users.csv and files in streams/: rows are validated and counted by all three',
    );
  }
  uploads.push(...streams.map((name) => uploadOf(join(dir, 'streams', name), name, 'stream')));
  checkKeys(uploads);
  return { uploads };
};
