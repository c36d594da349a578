import {
  ERASURES_PREFIX,
  ErasureRequest,
  ErasureResult,
  erasureRequestKey,
  erasureResultKey,
} from '@music-etl/contracts';
import { documentsUnder, readDocument } from '../shared/documents.ts';
import { UserError } from '../shared/errors.ts';
import { newRunId } from '../shared/run-ids.ts';
import { forgetCommand } from './erasure.ts';
import type { ForgetDeps } from './ports.ts';

const unfinished = ({ objects }: ForgetDeps): Promise<ErasureRequest[]> =>
  documentsUnder(objects, ERASURES_PREFIX, ErasureRequest, (key) => key.endsWith('/request.json'));

/**
 * Whether files were rewritten for an erasure, or some of them, or are being rewritten: from then on it has to be
 * finished. Glue forgets runs, and names only the newest; the result stays.
 */
export const hasBegun = async ({ objects, job }: ForgetDeps, erasureId: string): Promise<boolean> =>
  (await job.wasStarted(erasureId, 'rewrite')) ||
  (await readDocument(objects, erasureResultKey(erasureId, 'rewrite'), ErasureResult)) !== null;

const reject = async (deps: ForgetDeps, other: ErasureRequest, suffix: string): Promise<never> => {
  throw new UserError(
    `the erasure of another user (${other.erasure_id}) is unfinished`,
    (await hasBegun(deps, other.erasure_id))
      ? `finish it first: ${forgetCommand(other, suffix)}`
      : `nothing was rewritten yet; take it back with ${forgetCommand(other, suffix, true)}, or ask who began it (${other.requested_by})`,
    1,
  );
};

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
  const begun = await unfinished(deps);
  const own = begun.find(({ user_id }) => user_id === userId);
  if (own) return { request: own, resumed: true };
  if (begun[0]) return reject(deps, begun[0], suffix);
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

/**
 * Sees to it that a request is there: while a person thought, a dry run may have taken it back.
 * @throws UserError where another one was made since
 */
export const requestAgain = async (deps: ForgetDeps, request: ErasureRequest, suffix: string): Promise<void> => {
  const begun = await unfinished(deps);
  if (begun.some(({ erasure_id }) => erasure_id === request.erasure_id)) return;
  if (begun[0]) return reject(deps, begun[0], suffix);
  await deps.documents.create(erasureRequestKey(request.erasure_id), request);
};
