import { InvokeCommand } from '@aws-sdk/client-lambda';
import {
  GetQueueUrlCommand,
  ListMessageMoveTasksCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import { deadLetterQueueName, queueName, type Stage } from '@music-etl/contracts';
import { functionName } from './settings.ts';
import { until } from './until.ts';
import type { World } from './world.ts';

export interface Letter {
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
}

const urlOf = async (world: World, QueueName: string): Promise<string> =>
  (await world.sqs.send(new GetQueueUrlCommand({ QueueName }))).QueueUrl ?? '';

const arnOf = (name: string): string => `arn:aws:sqs:us-east-1:000000000000:${name}`;

export const send = async (world: World, stage: Stage, body: string): Promise<void> => {
  await world.sqs.send(new SendMessageCommand({ QueueUrl: await urlOf(world, queueName(stage)), MessageBody: body }));
};

/** What lies in a stage's dead-letter queue; it stays there. */
const lettersOf = async (world: World, stage: Stage): Promise<Letter[]> => {
  const { Messages = [] } = await world.sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: await urlOf(world, deadLetterQueueName(stage)),
      MaxNumberOfMessages: 10,
      VisibilityTimeout: 0,
      MessageAttributeNames: ['All'],
    }),
  );
  return Messages.map(({ Body = '', MessageAttributes = {} }) => ({
    body: Body,
    attributes: Object.fromEntries(
      Object.entries(MessageAttributes).map(([name, { StringValue = '' }]) => [name, StringValue]),
    ),
  }));
};

/** Waits for a dead letter of a stage whose body holds `text`. */
export const deadLetter = (world: World, stage: Stage, text: string): Promise<Letter> =>
  until(world, `${stage} gives up ${text}`, async () =>
    (await lettersOf(world, stage)).find(({ body }) => body.includes(text)),
  );

/** How many dead letters there are in all stages. */
export const deadLetters = async (world: World): Promise<number> =>
  (await world.reached.queues.look())
    .filter(({ dead }) => dead)
    .reduce((sum, { visible, in_flight }) => sum + visible + in_flight, 0);

/**
 * AWS's own move task: dead letters back to their queue. The queue has to be named: what a function put there itself
 * came from no queue, and a task without a destination fails on it (CouldNotDetermineMessageSource).
 */
export const redrive = async (world: World, stage: Stage): Promise<void> => {
  const SourceArn = arnOf(deadLetterQueueName(stage));
  await world.sqs.send(new StartMessageMoveTaskCommand({ SourceArn, DestinationArn: arnOf(queueName(stage)) }));
  await until(world, `the dead letters of ${stage} are moved`, async () => {
    const { Results = [] } = await world.sqs.send(new ListMessageMoveTasksCommand({ SourceArn }));
    return Results[0]?.Status === 'COMPLETED';
  });
};

/** Takes all dead letters of a stage away. */
export const throwAway = async (world: World, stage: Stage): Promise<void> => {
  const QueueUrl = await urlOf(world, deadLetterQueueName(stage));
  await world.sqs.send(new PurgeQueueCommand({ QueueUrl }));
};

/** Runs a stage's reconciler now instead of at its next minute. */
export const reconcile = async (world: World, stage: Stage): Promise<void> => {
  const answer = await world.lambda.send(new InvokeCommand({ FunctionName: functionName(stage, 'reconcile') }));
  if (answer.FunctionError) {
    throw new Error(`the reconciler of ${stage} failed: ${Buffer.from(answer.Payload ?? []).toString('utf8')}`);
  }
};
