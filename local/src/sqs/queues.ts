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
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { z } from 'zod';
import type { Clients } from '../clients.ts';
import type { DeadLetterMessage, Queues } from './ports.ts';

/** Short, so that the messages of a task that was killed are soon visible again. */
const VISIBILITY_SECONDS = 60;

type EmulatedMessage = DeadLetterMessage & { copy: Omit<SendMessageCommandInput, 'QueueUrl'> };

const copyAttribute = ({ DataType, StringValue, BinaryValue }: MessageAttributeValue): MessageAttributeValue => ({
  DataType,
  ...(StringValue === undefined ? {} : { StringValue }),
  ...(BinaryValue === undefined ? {} : { BinaryValue }),
});

const deadLetterOf = ({ ReceiptHandle = '', Body, Attributes, MessageAttributes }: Message): EmulatedMessage => {
  const copied = Object.entries(MessageAttributes ?? {}).map(([name, value]) => [name, copyAttribute(value)] as const);
  return {
    receipt: ReceiptHandle,
    sourceArn: Attributes?.DeadLetterQueueSourceArn ?? null,
    copy: {
      MessageBody: Body,
      MessageAttributes: Object.fromEntries(copied),
      MessageGroupId: Attributes?.MessageGroupId,
      MessageDeduplicationId: Attributes?.MessageDeduplicationId,
    },
  };
};

const RedrivePolicy = z.object({ deadLetterTargetArn: z.string() });

/** Returns the URLs of the queues whose dead letters go to `arn`. */
const sourcesOf = async (sqs: SQSClient, arn: string): Promise<string[]> => {
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

const findUrl = async (sqs: SQSClient, arn: string): Promise<string | null> => {
  const [, , , , QueueOwnerAWSAccountId, QueueName] = arn.split(':');
  try {
    return (await sqs.send(new GetQueueUrlCommand({ QueueName, QueueOwnerAWSAccountId }))).QueueUrl ?? null;
  } catch (error) {
    if (error instanceof Error && error.name === 'QueueDoesNotExist') return null;
    throw error;
  }
};

const urlOf = async (sqs: SQSClient, arn: string): Promise<string> => {
  const url = await findUrl(sqs, arn);
  if (url === null) throw new Error(`there is no queue ${arn}`);
  return url;
};

/** Creates the operations of move tasks on the emulator's queues. */
export const emulatedQueues = ({ sqs }: Pick<Clients, 'sqs'>): Queues => ({
  inspect: async (arn) => {
    const QueueUrl = await findUrl(sqs, arn);
    if (QueueUrl === null) return null;
    const AttributeNames = ['ApproximateNumberOfMessages' as const];
    const [{ Attributes }, sources] = await Promise.all([
      sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames })),
      sourcesOf(sqs, arn),
    ]);
    return { messages: Number(Attributes?.ApproximateNumberOfMessages ?? 0), sources };
  },
  receive: async (arn, max) => {
    const command = new ReceiveMessageCommand({
      QueueUrl: await urlOf(sqs, arn),
      MaxNumberOfMessages: max,
      VisibilityTimeout: VISIBILITY_SECONDS,
      MessageSystemAttributeNames: ['All'],
      MessageAttributeNames: ['All'],
    });
    return ((await sqs.send(command)).Messages ?? []).map(deadLetterOf);
  },
  send: async (arn, { copy }) => {
    const { MessageBody, ...rest }: Partial<SendMessageCommandInput> = copy;
    await sqs.send(new SendMessageCommand({ ...rest, QueueUrl: await urlOf(sqs, arn), MessageBody }));
  },
  remove: async (arn, { receipt }) => {
    await sqs.send(new DeleteMessageCommand({ QueueUrl: await urlOf(sqs, arn), ReceiptHandle: receipt }));
  },
});
