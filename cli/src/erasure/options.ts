import type { ErasureRequest } from '@music-etl/contracts';
import { UserError } from '../shared/errors.ts';
import { shellWord } from '../shared/format.ts';

/** The options of `forget-user`. */
export interface ForgetOptions {
  userId: string;
  dryRun: boolean;
  yes: boolean;
  suffix: string;
}

/**
 * Parses a user's id.
 * @throws UserError if it is empty
 */
export const parseUser = (text: string): string => {
  const user = text.trim();
  if (user !== '') return user;
  throw new UserError('the id of the user is empty', 'for example npx music-etl forget-user 26');
};

/** Names the command that resumes an erasure, or that only finds. */
export const forgetCommand = ({ user_id }: Pick<ErasureRequest, 'user_id'>, suffix: string, dryRun = false): string =>
  [
    `npx music-etl forget-user ${shellWord(user_id)}`,
    ...(suffix ? [`--suffix=${suffix}`] : []),
    ...(dryRun ? ['--dry-run'] : []),
  ].join(' ');
