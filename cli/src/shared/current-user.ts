import { userInfo } from 'node:os';

/** Returns who runs this command, for the documents that it writes. */
export const currentUser = (): string => {
  try {
    return userInfo().username;
  } catch {
    // A container may have no name for its user.
    return process.env.USER ?? 'unknown';
  }
};
