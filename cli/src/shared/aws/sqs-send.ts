import { GetQueueUrlCommand, SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { UserError } from '../errors.ts';
import type { SendMessage } from '../ports.ts';

const MISSING = ['QueueDoesNotExist', 'AWS.SimpleQueueService.NonExistentQueue'];

/** Sends messages to SQS queues by their names; looks up each queue once. */
export const sqsSend = (sqs: SQSClient): SendMessage => {
  const urls = new Map<string, string>();
  const urlOf = async (name: string): Promise<string> => {
    const known = urls.get(name);
    if (known !== undefined) return known;
    try {
      const { QueueUrl = '' } = await sqs.send(new GetQueueUrlCommand({ QueueName: name }));
      urls.set(name, QueueUrl);
      return QueueUrl;
    } catch (error) {
      if (!(error instanceof Error && MISSING.includes(error.name))) throw error;
      throw new UserError(`there is no queue ${name}`, 'is the pipeline deployed there, under a --suffix perhaps?', 1);
    }
  };
  return async (queue, message) => {
    await sqs.send(new SendMessageCommand({ QueueUrl: await urlOf(queue), MessageBody: JSON.stringify(message) }));
  };
};
