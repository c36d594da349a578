import { SONGS_PREFIX, STREAMS_PREFIX, USERS_PREFIX } from '@music-etl/contracts';
import { UserError } from '../shared/errors.ts';
import type { Kind } from './detect-format.ts';

const PREFIXES: Record<Kind, string> = { stream: STREAMS_PREFIX, songs: SONGS_PREFIX, users: USERS_PREFIX };

/** A file on disk and where it goes. */
export interface Upload {
  path: string;
  kind: Kind;
  key: string;
}

/** `name` is the file's path below what the person named: its identity in the pipeline. */
export const uploadOf = (path: string, name: string, kind: Kind): Upload => {
  const key = PREFIXES[kind] + name.replaceAll('\\', '/').normalize('NFC');
  if (Buffer.byteLength(key) > 1024)
    throw new UserError(`${path}: its key would be longer than S3's 1024 bytes`, 'rename it');
  return { path, kind, key };
};

/** Two files of one name would be two versions of one file, which is never meant in one command. */
export const rejectSameKeys = (uploads: readonly Upload[]): void => {
  const seen = new Map<string, string>();
  for (const { key, path } of uploads) {
    const other = seen.get(key);
    if (other !== undefined) throw new UserError(`${other} and ${path} would both become ${key}`, 'rename one of them');
    seen.set(key, path);
  }
};

/** Reference data first, so that no stream has to wait for it. */
export const inUploadOrder = (uploads: readonly Upload[]): Upload[] => [
  ...uploads.filter(({ kind }) => kind !== 'stream'),
  ...uploads.filter(({ kind }) => kind === 'stream'),
];
