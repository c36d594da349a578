import {
  ChangeMessageVisibilityBatchCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListMessageMoveTasksCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import type { DeadLetterQueues } from '../shared/ports.ts';
import { letterOf } from '../shared/sqs-letters.ts';
import type { DeadLetter } from '../status/snapshot.ts';
import type { DeadLetterQueue, MoveTask } from './plan.ts';

const HELD_SECONDS = 30;
const BATCH = 10;
const MISSING = ['QueueDoesNotExist', 'AWS.SimpleQueueService.NonExistentQueue'];

/** SQS as `redrive` needs it. */
export class SqsDeadLetters implements DeadLetterQueues {
  constructor(private readonly sqs: SQSClient) {}

  async find(name: string): Promise<DeadLetterQueue | null> {
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
        letters: Number(found.ApproximateNumberOfMessages ?? 0),
        hidden: Number(found.ApproximateNumberOfMessagesNotVisible ?? 0),
      };
    } catch (error) {
      if (error instanceof Error && MISSING.includes(error.name)) return null;
      throw error;
    }
  }

  /** Holds what it has seen for a moment, so that the next answer brings others, then gives all of it back. */
  async peek({ name, url, letters }: DeadLetterQueue, max: number): Promise<DeadLetter[]> {
    const seen = new Map<string, Message>();
    const wanted = Math.min(letters, max);
    try {
      while (seen.size < wanted) {
        const { Messages = [] } = await this.sqs.send(
          new ReceiveMessageCommand({
            QueueUrl: url,
            MaxNumberOfMessages: Math.min(BATCH, wanted - seen.size),
            VisibilityTimeout: HELD_SECONDS,
            // Long polling asks all of SQS's servers.
            WaitTimeSeconds: 1,
            MessageAttributeNames: ['All'],
          }),
        );
        if (Messages.length === 0) break;
        for (const message of Messages) seen.set(message.MessageId ?? message.ReceiptHandle ?? '', message);
      }
    } finally {
      await this.#giveBack(url, [...seen.values()]);
    }
    return [...seen.values()].map((message) => letterOf(name, message));
  }

  async #giveBack(url: string, messages: readonly Message[]): Promise<void> {
    for (let first = 0; first < messages.length; first += BATCH) {
      const entries = messages.slice(first, first + BATCH).map(({ ReceiptHandle }, i) => ({
        Id: String(i),
        ReceiptHandle,
        VisibilityTimeout: 0,
      }));
      await this.sqs.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: url, Entries: entries }));
    }
  }

  async startMove(from: DeadLetterQueue, to: DeadLetterQueue, perSecond: number | null): Promise<void> {
    await this.sqs.send(
      new StartMessageMoveTaskCommand({
        SourceArn: from.arn,
        // What complete put into the dead-letter queue itself has no source queue that SQS could find.
        DestinationArn: to.arn,
        ...(perSecond === null ? {} : { MaxNumberOfMessagesPerSecond: perSecond }),
      }),
    );
  }

  async lastMove({ arn }: DeadLetterQueue): Promise<MoveTask | null> {
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
