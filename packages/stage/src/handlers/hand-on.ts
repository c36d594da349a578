import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import { GlueJobStateChange } from '@music-etl/contracts';
import { handOn } from '../app/hand-on.ts';
import type { HandlerDeps } from './deps.ts';

/** The function behind `Glue Job State Change` of the stage's own job. */
export const createHandOnHandler = (deps: HandlerDeps, after: () => Promise<void> = async () => {}) =>
  middy<unknown, void>()
    .use(injectLambdaContext(deps.log, { clearState: true }))
    .handler(async (event) => {
      const { detail } = GlueJobStateChange.parse(event);
      deps.log.appendKeys({ job_run_id: detail.jobRunId });
      await handOn(deps, detail.jobRunId);
      await after();
    });
