import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListDeadLetterSourceQueuesCommand,
  type Message,
  type MessageAttributeValue,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SendMessageCommandInput,
} from '@aws-sdk/client-sqs';
import type { Clients } from '../clients.ts';
import type { DeadLetter, Queues } from './move-tasks.ts';

/** A message that a killed task had in hand comes back soon. */
const IN_HAND_SECONDS = 60;

type Letter = DeadLetter & { copy: Omit<SendMessageCommandInput, 'QueueUrl'> };

const attribute = ({ DataType, StringValue, BinaryValue }: MessageAttributeValue): MessageAttributeValue => ({
  DataType,
  ...(StringValue === undefined ? {} : { StringValue }),
  ...(BinaryValue === undefined ? {} : { BinaryValue }),
});

const letterOf = ({ ReceiptHandle = '', Body, Attributes, MessageAttributes }: Message): Letter => {
  const kept = Object.entries(MessageAttributes ?? {}).map(([name, value]) => [name, attribute(value)] as const);
  return {
    receipt: ReceiptHandle,
    sourceArn: Attributes?.DeadLetterQueueSourceArn ?? null,
    copy: {
      MessageBody: Body,
      MessageAttributes: Object.fromEntries(kept),
      MessageGroupId: Attributes?.MessageGroupId,
      MessageDeduplicationId: Attributes?.MessageDeduplicationId,
    },
  };
};

export const emulatedQueues = ({ sqs }: Clients): Queues => {
  const urlOf = async (arn: string): Promise<string | null> => {
    const [, , , , QueueOwnerAWSAccountId, QueueName] = arn.split(':');
    try {
      return (await sqs.send(new GetQueueUrlCommand({ QueueName, QueueOwnerAWSAccountId }))).QueueUrl ?? null;
    } catch (error) {
      if (error instanceof Error && error.name === 'QueueDoesNotExist') return null;
      throw error;
    }
  };
  const urlOrThrow = async (arn: string): Promise<string> => {
    const url = await urlOf(arn);
    if (url === null) throw new Error(`there is no queue ${arn}`);
    return url;
  };
  return {
    inspect: async (arn) => {
      const QueueUrl = await urlOf(arn);
      if (QueueUrl === null) return null;
      const AttributeNames = ['ApproximateNumberOfMessages' as const];
      const [{ Attributes }, { queueUrls = [] }] = await Promise.all([
        sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames })),
        sqs.send(new ListDeadLetterSourceQueuesCommand({ QueueUrl })),
      ]);
      return { messages: Number(Attributes?.ApproximateNumberOfMessages ?? 0), feeders: queueUrls };
    },
    receive: async (arn, max) => {
      const command = new ReceiveMessageCommand({
        QueueUrl: await urlOrThrow(arn),
        MaxNumberOfMessages: max,
        VisibilityTimeout: IN_HAND_SECONDS,
        MessageSystemAttributeNames: ['All'],
        MessageAttributeNames: ['All'],
      });
      return ((await sqs.send(command)).Messages ?? []).map(letterOf);
    },
    send: async (arn, { copy }) => {
      const { MessageBody, ...rest }: Partial<SendMessageCommandInput> = copy;
      await sqs.send(new SendMessageCommand({ ...rest, QueueUrl: await urlOrThrow(arn), MessageBody }));
    },
    remove: async (arn, { receipt }) => {
      await sqs.send(new DeleteMessageCommand({ QueueUrl: await urlOrThrow(arn), ReceiptHandle: receipt }));
    },
  };
};
