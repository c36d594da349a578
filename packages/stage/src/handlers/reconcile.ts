import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import { reconcile } from '../app/reconcile.ts';
import type { HandlerDeps } from './deps.ts';

/** The scheduled function that finds what events and messages left lying. */
export const createReconcileHandler = (deps: HandlerDeps, after: () => Promise<void> = async () => {}) =>
  middy<unknown, void>()
    .use(injectLambdaContext(deps.log, { clearState: true }))
    .handler(async () => {
      const runs = await reconcile(deps);
      deps.log.info('reconciled', { runs });
      await after();
    });
