import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import { reconcile } from '../app/reconcile.ts';
import type { HandlerDeps } from './deps.ts';

type Work = () => Promise<void>;

/** Does one work after the other, whether or not the earlier ones fail. */
const doAll = async (works: readonly Work[]): Promise<void> => {
  const errors: unknown[] = [];
  for (const work of works) await work().catch((error: unknown) => errors.push(error));
  if (errors.length === 1) throw errors[0];
  if (errors.length > 1) throw new AggregateError(errors, errors.map(String).join('; '));
};

/**
 * Creates the scheduled function that makes up for lost events and messages.
 * @param further what a service reconciles beyond its runs, in this order.
 */
export const createReconcileHandler = (deps: HandlerDeps, ...further: readonly Work[]) =>
  middy<unknown, void>()
    .use(injectLambdaContext(deps.log, { clearState: true }))
    .handler(async () => {
      const reconcileRuns = async (): Promise<void> => {
        deps.log.info('reconciled', { runs: await reconcile(deps) });
      };
      await doAll([reconcileRuns, ...further]);
    });
