import {
  createCompleteHandler,
  createReconcileHandler,
  createStartHandler,
  requestHandler,
} from '@music-etl/stage/handlers';
import { sweep } from '../app/sweep.ts';
import { createPendingRuns, deps, measurePendingFiles, registerDeps } from './deps.ts';
import { fileRequestHandler } from './file-request.ts';
import { notificationHandler } from './notification.ts';

const sweepAndCreateRuns = async (): Promise<void> => {
  const found = await sweep({ ...registerDeps, silenceSeconds: deps.limits.silenceSeconds });
  if (found > 0) await createPendingRuns();
};

const handlers = [requestHandler(deps), fileRequestHandler(deps), notificationHandler(registerDeps)];

export const start = createStartHandler(deps, handlers, createPendingRuns);
export const complete = createCompleteHandler(deps, createPendingRuns);
/** Measures before it changes anything. It creates runs before the sweep, which can take long, and again after it. */
export const reconcile = createReconcileHandler(deps, measurePendingFiles, createPendingRuns, sweepAndCreateRuns);
