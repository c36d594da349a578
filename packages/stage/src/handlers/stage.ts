import type { StageDefinition } from '../domain/definition.ts';
import { createCompleteHandler } from './complete.ts';
import { lambdaDeps } from './deps.ts';
import { createReconcileHandler } from './reconcile.ts';
import { createStartHandler } from './start.ts';

/** Creates the three functions of a stage that does nothing beyond what every stage does. */
export const createStageHandlers = (definition: StageDefinition) => {
  const deps = lambdaDeps(definition);
  return {
    start: createStartHandler(deps),
    complete: createCompleteHandler(deps),
    reconcile: createReconcileHandler(deps),
  };
};
