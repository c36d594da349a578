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

/** The names of all functions of the pipeline. */
export const functionNames = (): string[] =>
  STAGES.flatMap((stage) => MOVEMENTS.map((movement) => functionName(stage, movement)));

/** Waits that are short enough for a test. */
const SHORT_WAITS = { BACKOFF_BASE_SECONDS: '1', BACKOFF_MAX_SECONDS: '2', SILENCE_SECONDS: '1' };

/** Sets short waits in the environment of every function. */
export const shortenWaits = async (lambda: LambdaClient): Promise<void> => {
  const shorten = async (FunctionName: string): Promise<void> => {
    const { Environment } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
    const Variables = { ...Environment?.Variables, ...SHORT_WAITS };
    await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Environment: { Variables } }));
  };
  await Promise.all(functionNames().map(shorten));
};

/** Disables the schedules of the reconcilers, which then run only when a test runs them. Returns the schedules. */
export const disableSchedules = async (events: EventBridgeClient): Promise<string[]> => {
  const { Rules = [] } = await events.send(new ListRulesCommand({}));
  const scheduled = Rules.filter(({ ScheduleExpression }) => ScheduleExpression !== undefined);
  await Promise.all(scheduled.map(({ Name }) => events.send(new DisableRuleCommand({ Name }))));
  return scheduled.map(({ ScheduleExpression = '' }) => ScheduleExpression);
};
