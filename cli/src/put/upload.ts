import { SONGS_PREFIX, STREAMS_PREFIX, USERS_PREFIX } from '@music-etl/contracts';
import { UserError } from '../shared/errors.ts';
import type { Kind } from './detect-format.ts';

const PREFIXES: Record<Kind, string> = { stream: STREAMS_PREFIX, songs: SONGS_PREFIX, users: USERS_PREFIX };
const LONGEST_KEY = 1024;

/** A file on disk and its key in the bucket. */
export interface Upload {
  path: string;
  kind: Kind;
  key: string;
}

export const isStream = ({ kind }: Upload): boolean => kind === 'stream';

/**
 * Makes the upload of a file. `name` is its path below the directory that the person named.
 * @throws UserError for a key that is longer than S3 allows
 */
export const uploadOf = (path: string, name: string, kind: Kind): Upload => {
  const key = PREFIXES[kind] + name.replaceAll('\\', '/').normalize('NFC');
  if (Buffer.byteLength(key) <= LONGEST_KEY) return { path, kind, key };
  throw new UserError(`${path}: its key would be longer than S3's ${LONGEST_KEY} bytes`, 'rename it');
};

/** Checks that no two uploads have one key: they would be two versions of one file. @throws UserError */
export const checkKeys = (uploads: readonly Upload[]): void => {
  const seen = new Map<string, string>();
  for (const { key, path } of uploads) {
    const other = seen.get(key);
    if (other !== undefined) throw new UserError(`${other} and ${path} would both become ${key}`, 'rename one of them');
    seen.set(key, path);
  }
};
