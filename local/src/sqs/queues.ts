import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  type Message,
  type MessageAttributeValue,
  paginateListQueues,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SendMessageCommandInput,
} from '@aws-sdk/client-sqs';
import { z } from 'zod';
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

const RedrivePolicy = z.object({ deadLetterTargetArn: z.string() });

/** URLs of the queues whose dead letters go to `arn`. */
const feedersOf = async ({ sqs }: Clients, arn: string): Promise<string[]> => {
  const urls: string[] = [];
  for await (const page of paginateListQueues({ client: sqs }, {})) urls.push(...(page.QueueUrls ?? []));
  const policies = await Promise.all(
    urls.map((QueueUrl) => sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['RedrivePolicy'] }))),
  );
  return urls.filter((_, i) => {
    const policy = policies[i]?.Attributes?.RedrivePolicy;
    return policy !== undefined && RedrivePolicy.parse(JSON.parse(policy)).deadLetterTargetArn === arn;
  });
};

export const emulatedQueues = (clients: Clients): Queues => {
  const { sqs } = clients;
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
      const [{ Attributes }, feeders] = await Promise.all([
        sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames })),
        feedersOf(clients, arn),
      ]);
      return { messages: Number(Attributes?.ApproximateNumberOfMessages ?? 0), feeders };
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
