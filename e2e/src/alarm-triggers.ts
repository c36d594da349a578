import {
  DeleteFunctionConcurrencyCommand,
  ListEventSourceMappingsCommand,
  PutFunctionConcurrencyCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import type { Stage } from '@music-etl/contracts';
import type { z } from 'zod';
import { read } from './documents.ts';
import { functionName, type Movement } from './settings.ts';
import type { World } from './world.ts';

/** Changes a document under the pipeline's hands, as nobody but a test does: to make it older than a test can wait. */
export const rewrite = async <T>(
  world: World,
  key: string,
  schema: z.ZodType<T>,
  change: (document: T) => T,
): Promise<void> => {
  const document = await read(world, key, schema);
  if (document === null) throw new Error(`there is no ${key}`);
  const Body = JSON.stringify(change(document));
  await world.s3.send(new PutObjectCommand({ Bucket: world.bucket, Key: key, Body }));
};

/** Lets a stage take messages from its queue, or leaves them there. */
export const takeMessages = async ({ lambda }: World, stage: Stage, Enabled: boolean): Promise<void> => {
  const FunctionName = functionName(stage, 'start');
  const { EventSourceMappings = [] } = await lambda.send(new ListEventSourceMappingsCommand({ FunctionName }));
  for (const { UUID } of EventSourceMappings) await lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled }));
};

/** Leaves a function no room to run in. @returns what gives it back. */
export const throttle = async ({ lambda }: World, stage: Stage, movement: Movement): Promise<() => Promise<void>> => {
  const FunctionName = functionName(stage, movement);
  await lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 0 }));
  return async () => void (await lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName })));
};
