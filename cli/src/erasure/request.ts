import { ERASURES_PREFIX, ErasureRequest, erasureRequestKey } from '@music-etl/contracts';
import { newRunId } from '@music-etl/stage';
import { documentsUnder } from '../shared/documents.ts';
import { UserError } from '../shared/errors.ts';
import { forgetCommand } from './options.ts';
import type { ErasureDeps } from './ports.ts';
import { hasStarted } from './withdraw.ts';

const readUnfinished = ({ objects }: ErasureDeps): Promise<ErasureRequest[]> =>
  documentsUnder(objects, ERASURES_PREFIX, ErasureRequest, (key) => key.endsWith('/request.json'));

const otherUserError = async (deps: ErasureDeps, other: ErasureRequest, suffix: string): Promise<UserError> => {
  const { erasure_id, requested_by } = other;
  const todo = (await hasStarted(deps, erasure_id))
    ? `finish it first: ${forgetCommand(other, suffix)}`
    : `nothing is rewritten yet; withdraw it with ${forgetCommand(other, suffix, true)}, ` +
      `or talk to ${requested_by}, who requested it`;
  return new UserError(`the erasure of another user (${erasure_id}) is unfinished`, todo, 1);
};

/**
 * Finds the unfinished erasure of a user, or requests one.
 * @throws UserError if another user's is unfinished: both would rewrite the same files
 */
export const requestErasure = async (
  deps: ErasureDeps,
  userId: string,
  suffix: string,
): Promise<{ request: ErasureRequest; resumed: boolean }> => {
  const { documents, clock, randomHex, requestedBy } = deps;
  const unfinished = await readUnfinished(deps);
  const own = unfinished.find(({ user_id }) => user_id === userId);
  if (own) return { request: own, resumed: true };
  if (unfinished[0]) throw await otherUserError(deps, unfinished[0], suffix);
  const now = new Date(clock.now());
  const request: ErasureRequest = {
    schema_version: 1,
    erasure_id: newRunId(now, randomHex()),
    user_id: userId,
    requested_by: requestedBy,
    requested_at: now.toISOString(),
  };
  await documents.create(erasureRequestKey(request.erasure_id), request);
  return { request, resumed: false };
};

/**
 * Writes a request again if another command withdrew it before it was confirmed.
 * @throws UserError if another user's erasure was requested meanwhile
 */
export const restoreRequest = async (deps: ErasureDeps, request: ErasureRequest, suffix: string): Promise<void> => {
  const unfinished = await readUnfinished(deps);
  if (unfinished.some(({ erasure_id }) => erasure_id === request.erasure_id)) return;
  if (unfinished[0]) throw await otherUserError(deps, unfinished[0], suffix);
  await deps.documents.create(erasureRequestKey(request.erasure_id), request);
};

/** Deletes the request, in all its versions: it is the only document that names the user. */
export const endRequest = ({ deleteForGood }: ErasureDeps, { erasure_id }: ErasureRequest): Promise<void> =>
  deleteForGood(erasureRequestKey(erasure_id));
