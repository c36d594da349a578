import type { ErasureRequest, ErasureResult, FileDocument, FileVersion } from '@music-etl/contracts';
import { UserError } from '../shared/errors.ts';

export type Phase = ErasureResult['phase'];

/** The name of an erasure where documents name what asked for a replay. */
export const erasureCause = (erasureId: string): string => `erasure:${erasureId}`;

/** @throws UserError for an id that names nobody */
export const parseUser = (text: string): string => {
  const user = text.trim();
  if (user !== '') return user;
  throw new UserError('the id of the user is empty', 'for example npx music-etl forget-user 26');
};

/** The command that goes on with an erasure, or only looks. */
export const forgetCommand = ({ user_id }: Pick<ErasureRequest, 'user_id'>, suffix: string, dryRun = false): string =>
  `npx music-etl forget-user ${/^[\w.@-]+$/.test(user_id) ? user_id : `'${user_id.replaceAll("'", "'\\''")}'`}${suffix ? ` --suffix=${suffix}` : ''}${dryRun ? ' --dry-run' : ''}`;

/** Whether a phase found or left anything of the user. */
export const isNothing = ({ files, objects }: ErasureResult): boolean =>
  files.length === 0 && Object.values(objects).every((n) => n === 0);

export const rowsIn = ({ files }: ErasureResult): number => files.reduce((sum, { rows }) => sum + rows, 0);

/**
 * Whether the files have to be rewritten once more: of a file with a standing and a held version one is reprocessed at
 * a time.
 */
export const needsAnotherRound = ({ files }: ErasureResult): boolean =>
  files.some(
    (file) => file.replay === null && files.some((other) => other.file_id === file.file_id && other.replay !== null),
  );

/** The versions that validate files again without the user's rows. */
export const replaysOf = (files: readonly FileDocument[], erasureId: string): { key: string; version: FileVersion }[] =>
  files.flatMap(({ key, versions }) =>
    versions.flatMap((version) => (version.replay?.cause === erasureCause(erasureId) ? [{ key, version }] : [])),
  );

/** Adds what phases counted, by prefix. */
export const addObjects = (
  a: Readonly<Record<string, number>>,
  b: Readonly<Record<string, number>>,
): Record<string, number> => {
  const sum: Record<string, number> = { ...a };
  for (const [prefix, n] of Object.entries(b)) sum[prefix] = (sum[prefix] ?? 0) + n;
  return sum;
};
