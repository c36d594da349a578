import {
  GetQueueUrlCommand,
  ListMessageMoveTasksCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import { deadLetterQueueName, queueName, requestStage, type Stage } from '@music-etl/contracts';
import { redrive as redriveByTool } from '../../cli/src/redrive/redrive.ts';
import { SqsDeadLetterQueues } from '../../cli/src/redrive/sqs-dead-letter-queues.ts';
import { realClock } from '../../cli/src/shared/clock.ts';
import { until } from './until.ts';
import type { World } from './world.ts';

interface DeadLetterMessage {
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
}

const urlOf = async (world: World, QueueName: string): Promise<string> =>
  (await world.sqs.send(new GetQueueUrlCommand({ QueueName }))).QueueUrl ?? '';

const arnOf = (name: string): string => `arn:aws:sqs:us-east-1:000000000000:${name}`;

/** Sends a message to a stage's queue. */
export const send = async (world: World, stage: Stage, body: string): Promise<void> => {
  await world.sqs.send(new SendMessageCommand({ QueueUrl: await urlOf(world, queueName(stage)), MessageBody: body }));
};

/** Sends the message that requests a stage for a run. */
export const sendStageRequest = (world: World, stage: Stage, runId: string): Promise<void> =>
  send(world, stage, JSON.stringify(requestStage(stage, runId, new Date())));

/** Returns a stage's dead-letter messages and leaves them in the queue. */
const deadLettersOf = async (world: World, stage: Stage): Promise<DeadLetterMessage[]> => {
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

/** Waits for a dead-letter message of a stage whose body contains `text`. */
export const deadLetter = (world: World, stage: Stage, text: string): Promise<DeadLetterMessage> =>
  until(world, `${stage} has a dead-letter message with ${text}`, async () =>
    (await deadLettersOf(world, stage)).find(({ body }) => body.includes(text)),
  );

/** Counts the dead-letter messages of all stages. */
export const countDeadLetters = async (world: World): Promise<number> =>
  (await world.reached.queues.look())
    .filter(({ dead }) => dead)
    .reduce((sum, { visible, in_flight }) => sum + visible + in_flight, 0);

/**
 * Moves a stage's dead-letter messages back to its queue with AWS's own move task. The task needs a destination: a
 * message that a function sent to the DLQ has no source, and the task would fail (CouldNotDetermineMessageSource).
 */
export const redrive = async (world: World, stage: Stage): Promise<void> => {
  const SourceArn = arnOf(deadLetterQueueName(stage));
  await world.sqs.send(new StartMessageMoveTaskCommand({ SourceArn, DestinationArn: arnOf(queueName(stage)) }));
  await until(world, `the dead-letter messages of ${stage} are moved`, async () => {
    const { Results = [] } = await world.sqs.send(new ListMessageMoveTasksCommand({ SourceArn }));
    return Results[0]?.Status === 'COMPLETED';
  });
};

/** Waits until a stage's queue is empty: every message was read and handled. */
export const untilRead = (world: World, stage: Stage): Promise<boolean> =>
  until(world, `the messages of ${stage} are read`, async () =>
    (await world.reached.queues.look()).some(
      ({ name, visible, in_flight }) => name === queueName(stage) && visible + in_flight === 0,
    ),
  );

/** Runs the tool's `redrive` for a stage. */
export const redriveWithTool = (world: World, stage: Stage): Promise<void> =>
  redriveByTool(
    {
      queues: new SqsDeadLetterQueues(world.sqs),
      objects: world.reached.objects,
      screen: { line: world.log, progress: () => {} },
      clock: realClock,
    },
    { stage, suffix: '', rate: null, dryRun: false },
  );

/** Deletes all dead-letter messages of a stage. */
export const purgeDeadLetters = async (world: World, stage: Stage): Promise<void> => {
  const QueueUrl = await urlOf(world, deadLetterQueueName(stage));
  await world.sqs.send(new PurgeQueueCommand({ QueueUrl }));
};
