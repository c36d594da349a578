import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import { reconcile } from '../app/reconcile.ts';
import type { HandlerDeps } from './deps.ts';

type Work = () => Promise<void>;

/** Does one after the other; the trouble of one keeps none from its turn. */
const doAll = async (works: readonly Work[]): Promise<void> => {
  const errors: unknown[] = [];
  for (const work of works) await work().catch((error: unknown) => errors.push(error));
  if (errors.length === 1) throw errors[0];
  if (errors.length > 1) throw new AggregateError(errors, errors.map(String).join('; '));
};

/**
 * The scheduled function that finds what events and messages left lying.
 * @param further what a service looks after beyond its runs, each whatever became of the others.
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
