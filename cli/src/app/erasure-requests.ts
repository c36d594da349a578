import { ERASURES_PREFIX, ErasureRequest, erasureRequestKey } from '@music-etl/contracts';
import { forgetCommand } from '../domain/erasure.ts';
import { UserError } from '../domain/errors.ts';
import { newRunId } from '../domain/run-ids.ts';
import type { ForgetDeps } from './erasure-ports.ts';
import { documentsUnder } from './read-document.ts';

/**
 * The unfinished erasure of a user, or a new one, which is written down.
 * @throws UserError where another user's is unfinished: two would rewrite the same files
 */
export const requestErasure = async (
  deps: ForgetDeps,
  userId: string,
  suffix: string,
): Promise<{ request: ErasureRequest; resumed: boolean }> => {
  const { documents, clock, chance, requestedBy } = deps;
  const begun = await documentsUnder(documents, ERASURES_PREFIX, ErasureRequest, (key) =>
    key.endsWith('/request.json'),
  );
  const own = begun.find(({ user_id }) => user_id === userId);
  if (own) return { request: own, resumed: true };
  const other = begun[0];
  if (other) {
    throw new UserError(
      `the erasure of another user (${other.erasure_id}) is unfinished`,
      `finish it first: ${forgetCommand(other, suffix)}`,
      1,
    );
  }
  const now = new Date(clock.now());
  const request: ErasureRequest = {
    schema_version: 1,
    erasure_id: newRunId(now, chance()),
    user_id: userId,
    requested_by: requestedBy,
    requested_at: now.toISOString(),
  };
  await documents.create(erasureRequestKey(request.erasure_id), request);
  return { request, resumed: false };
};
