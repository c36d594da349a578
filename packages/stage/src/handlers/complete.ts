import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import { GlueJobStateChange } from '@music-etl/contracts';
import { complete } from '../app/complete.ts';
import type { HandlerDeps } from './deps.ts';

/** Creates the function that handles `Glue Job State Change` of the stage's own job. */
export const createCompleteHandler = (deps: HandlerDeps, after: () => Promise<void> = async () => {}) =>
  middy<unknown, void>()
    .use(injectLambdaContext(deps.log, { clearState: true }))
    .handler(async (event) => {
      const { detail } = GlueJobStateChange.parse(event);
      deps.log.appendKeys({ job_run_id: detail.jobRunId });
      await complete(deps, detail.jobRunId);
      await after();
    });
