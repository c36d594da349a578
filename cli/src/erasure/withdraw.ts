import { ErasureResult, erasureRequestKey, erasureResultKey } from '@music-etl/contracts';
import { readDocument } from '../shared/documents.ts';
import type { ErasureDeps } from './ports.ts';

/**
 * Returns true once a rewrite of files was started: from then on the erasure has to be finished. Glue lists only its
 * newest runs, and the result stays.
 */
export const hasStarted = async ({ objects, job }: ErasureDeps, erasureId: string): Promise<boolean> =>
  (await job.wasStarted(erasureId, 'rewrite')) ||
  (await readDocument(objects, erasureResultKey(erasureId, 'rewrite'), ErasureResult)) !== null;

/** Withdraws a request without a trace; returns false if the erasure has started, so that it has to be finished. */
export const withdrawErasure = async (deps: ErasureDeps, erasureId: string): Promise<boolean> => {
  if (await hasStarted(deps, erasureId)) return false;
  // Another command uses the request; it withdraws it, or erases.
  if ((await deps.job.findActive(erasureId)) !== null) return true;
  await deps.deleteForGood(erasureRequestKey(erasureId));
  await deps.deleteForGood(erasureResultKey(erasureId, 'find'));
  return true;
};
