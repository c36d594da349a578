import {
  ChangeMessageVisibilityBatchCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListMessageMoveTasksCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import { ATTEMPT_ATTRIBUTE, type StageDocument } from '@music-etl/contracts';
import { deadLetterMessage } from '../shared/aws/dead-letter-message.ts';
import type { DeadLetterMessage } from '../shared/pipeline/snapshot.ts';
import type { DeadLetterQueues, MoveTask, Queue } from './dead-letter-queues.ts';

const HIDDEN_SECONDS = 30;
const BATCH = 10;
const MISSING = ['QueueDoesNotExist', 'AWS.SimpleQueueService.NonExistentQueue'];

/** Dead-letter queues in SQS. */
export class SqsDeadLetterQueues implements DeadLetterQueues {
  constructor(private readonly sqs: SQSClient) {}

  async find(name: string): Promise<Queue | null> {
    try {
      const { QueueUrl: url = '' } = await this.sqs.send(new GetQueueUrlCommand({ QueueName: name }));
      const { Attributes: found = {} } = await this.sqs.send(
        new GetQueueAttributesCommand({
          QueueUrl: url,
          AttributeNames: ['QueueArn', 'ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
        }),
      );
      return {
        name,
        url,
        arn: found.QueueArn ?? '',
        messages: Number(found.ApproximateNumberOfMessages ?? 0),
        hidden: Number(found.ApproximateNumberOfMessagesNotVisible ?? 0),
      };
    } catch (error) {
      if (error instanceof Error && MISSING.includes(error.name)) return null;
      throw error;
    }
  }

  /** Hides each message for a moment, so that the next answer brings others, then makes all visible again. */
  async peek({ name, url, messages }: Queue, max: number): Promise<DeadLetterMessage[]> {
    const seen = new Map<string, Message>();
    const wanted = Math.min(messages, max);
    try {
      while (seen.size < wanted) {
        const { Messages = [] } = await this.sqs.send(
          new ReceiveMessageCommand({
            QueueUrl: url,
            MaxNumberOfMessages: Math.min(BATCH, wanted - seen.size),
            VisibilityTimeout: HIDDEN_SECONDS,
            // A long poll reaches all of SQS's servers.
            WaitTimeSeconds: 1,
            MessageAttributeNames: ['All'],
          }),
        );
        if (Messages.length === 0) break;
        for (const message of Messages) seen.set(message.MessageId ?? message.ReceiptHandle ?? '', message);
      }
    } finally {
      await this.#makeVisible(url, [...seen.values()]);
    }
    return [...seen.values()].map((message) => deadLetterMessage(name, message));
  }

  async #makeVisible(url: string, messages: readonly Message[]): Promise<void> {
    for (let first = 0; first < messages.length; first += BATCH) {
      const entries = messages.slice(first, first + BATCH).map(({ ReceiptHandle }, i) => ({
        Id: String(i),
        ReceiptHandle,
        VisibilityTimeout: 0,
      }));
      await this.sqs.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: url, Entries: entries }));
    }
  }

  async resume({ url }: Queue, { message, attempt }: Pick<StageDocument, 'message' | 'attempt'>): Promise<void> {
    await this.sqs.send(
      new SendMessageCommand({
        QueueUrl: url,
        MessageBody: JSON.stringify(message),
        MessageAttributes: { [ATTEMPT_ATTRIBUTE]: { DataType: 'String', StringValue: String(attempt) } },
      }),
    );
  }

  async startMove(from: Queue, to: Queue, perSecond: number | null): Promise<void> {
    await this.sqs.send(
      new StartMessageMoveTaskCommand({
        SourceArn: from.arn,
        // SQS finds no source queue for a message that a service has put into the DLQ itself.
        DestinationArn: to.arn,
        ...(perSecond === null ? {} : { MaxNumberOfMessagesPerSecond: perSecond }),
      }),
    );
  }

  async lastMove({ arn }: Queue): Promise<MoveTask | null> {
    const { Results: [task] = [] } = await this.sqs.send(
      new ListMessageMoveTasksCommand({ SourceArn: arn, MaxResults: 1 }),
    );
    if (!task) return null;
    return {
      status: task.Status ?? 'unknown',
      moved: task.ApproximateNumberOfMessagesMoved ?? 0,
      to_move: task.ApproximateNumberOfMessagesToMove ?? null,
      failure: task.FailureReason ?? null,
      started_at: task.StartedTimestamp ?? 0,
    };
  }
}
