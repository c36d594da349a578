import { DisableRuleCommand, type EventBridgeClient, ListRulesCommand } from '@aws-sdk/client-eventbridge';
import {
  GetFunctionConfigurationCommand,
  type LambdaClient,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { STAGES, type Stage } from '@music-etl/contracts';

export const MOVEMENTS = ['start', 'complete', 'reconcile'] as const;
export type Movement = (typeof MOVEMENTS)[number];

export const functionName = (stage: Stage, movement: Movement): string => `music-streaming-${stage}-local-${movement}`;

/** As patient as a test: settings of a deployment, set as an operator would without deploying anew. */
const IMPATIENT = { BACKOFF_BASE_SECONDS: '1', BACKOFF_MAX_SECONDS: '2', SILENCE_SECONDS: '1' };

const set = async (lambda: LambdaClient, FunctionName: string): Promise<void> => {
  const { Environment } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
  const Variables = { ...Environment?.Variables, ...IMPATIENT };
  await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Environment: { Variables } }));
};

/** Lets every function wait a second where it would wait longer. */
export const hurry = async (lambda: LambdaClient): Promise<void> => {
  const names = STAGES.flatMap((stage) => MOVEMENTS.map((movement) => functionName(stage, movement)));
  await Promise.all(names.map((name) => set(lambda, name)));
};

/** Stops the clock that runs the reconcilers: they run when a test says so, and patch nothing behind its back. */
export const stopClock = async (events: EventBridgeClient): Promise<string[]> => {
  const { Rules = [] } = await events.send(new ListRulesCommand({}));
  const scheduled = Rules.filter(({ ScheduleExpression }) => ScheduleExpression !== undefined);
  await Promise.all(scheduled.map(({ Name }) => events.send(new DisableRuleCommand({ Name }))));
  return scheduled.map(({ ScheduleExpression = '' }) => ScheduleExpression);
};
