import {
  DeleteFunctionConcurrencyCommand,
  ListEventSourceMappingsCommand,
  PutFunctionConcurrencyCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import type { Stage } from '@music-etl/contracts';
import type { z } from 'zod';
import { read, write } from './documents.ts';
import { functionName, type Movement } from './settings.ts';
import type { World } from './world.ts';

/** Changes a document without the pipeline, for instance to make it older than a test can wait. */
export const rewrite = async <T>(
  world: World,
  key: string,
  schema: z.ZodType<T>,
  change: (document: T) => T,
): Promise<void> => {
  const document = await read(world, key, schema);
  if (document === null) throw new Error(`there is no ${key}`);
  await write(world, key, JSON.stringify(change(document)));
};

/** Enables or disables a stage's event source mapping: a disabled one leaves the messages in the queue. */
export const enableQueue = async ({ lambda }: World, stage: Stage, Enabled: boolean): Promise<void> => {
  const FunctionName = functionName(stage, 'start');
  const { EventSourceMappings = [] } = await lambda.send(new ListEventSourceMappingsCommand({ FunctionName }));
  for (const { UUID } of EventSourceMappings) await lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled }));
};

/** Sets a function's reserved concurrency to 0. @returns a function that removes the limit */
export const throttle = async ({ lambda }: World, stage: Stage, movement: Movement): Promise<() => Promise<void>> => {
  const FunctionName = functionName(stage, movement);
  await lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 0 }));
  return async () => void (await lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName })));
};
