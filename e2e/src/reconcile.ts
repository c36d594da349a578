import { InvokeCommand } from '@aws-sdk/client-lambda';
import type { Stage } from '@music-etl/contracts';
import { functionName } from './settings.ts';
import type { World } from './world.ts';

/** Runs a stage's reconciler now. Its schedule is disabled. */
export const reconcile = async (world: World, stage: Stage): Promise<void> => {
  const response = await world.lambda.send(new InvokeCommand({ FunctionName: functionName(stage, 'reconcile') }));
  if (response.FunctionError) {
    throw new Error(`the reconciler of ${stage} failed: ${Buffer.from(response.Payload ?? []).toString('utf8')}`);
  }
};
