import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { type MessageAttributeValue, SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { type OutboxEntry, RUN_COMPLETED, type Stage, stageOf } from '@music-etl/contracts';
import type { Send, SendToDlq } from '../domain/ports.ts';

/** SQS limits body and attributes together. The beginning of an error is the useful part. */
const ERROR_LENGTH = 4000;

const text = (value: string): MessageAttributeValue => ({
  DataType: 'String',
  StringValue: value === '' ? '-' : value.slice(0, ERROR_LENGTH),
});

export interface OutboxAddresses {
  readonly stage: Stage;
  readonly queueUrl: string;
  readonly deadLetterQueueUrl: string;
  /** The queue of the next stage; null for the last stage. */
  readonly nextQueueUrl: string | null;
}

const queueFor = (to: Stage, addresses: OutboxAddresses): string => {
  const url = to === addresses.stage ? addresses.queueUrl : addresses.nextQueueUrl;
  if (url === null) throw new Error(`${addresses.stage} has no queue URL for ${to}`);
  return url;
};

/** Sends one outbox entry: a request to a queue, a dead-letter message, or the event that a run has completed. */
export const sendOutbox =
  (sqs: SQSClient, events: EventBridgeClient, addresses: OutboxAddresses): Send =>
  async (entry: OutboxEntry) => {
    switch (entry.kind) {
      case 'request':
        await sqs.send(
          new SendMessageCommand({
            QueueUrl: queueFor(stageOf(entry.message), addresses),
            MessageBody: JSON.stringify(entry.message),
            DelaySeconds: entry.delay_seconds,
          }),
        );
        return;
      case 'dead_letter':
        await sqs.send(
          new SendMessageCommand({
            QueueUrl: addresses.deadLetterQueueUrl,
            MessageBody: JSON.stringify(entry.message),
            MessageAttributes: {
              reason: text(entry.reason),
              job_run_id: text(entry.job_run_id ?? '-'),
              error: text(entry.error),
            },
          }),
        );
        return;
      case 'run_completed': {
        const answer = await events.send(
          new PutEventsCommand({
            Entries: [
              {
                Source: RUN_COMPLETED.source,
                DetailType: RUN_COMPLETED.detailType,
                Detail: JSON.stringify({ run_id: entry.run_id }),
              },
            ],
          }),
        );
        // PutEvents reports rejected entries in a successful answer.
        if (answer.FailedEntryCount) {
          throw new Error(
            `EventBridge rejected run.completed of ${entry.run_id}: ${answer.Entries?.[0]?.ErrorMessage}`,
          );
        }
      }
    }
  };

/** Sends a message that no run can take to the dead-letter queue, body unchanged. */
export const sendToDlq =
  (sqs: SQSClient, deadLetterQueueUrl: string): SendToDlq =>
  async (body, { reason, error }) => {
    await sqs.send(
      new SendMessageCommand({
        QueueUrl: deadLetterQueueUrl,
        MessageBody: body,
        MessageAttributes: { reason: text(reason), job_run_id: text('-'), error: text(error) },
      }),
    );
  };
