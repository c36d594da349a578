import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { type MessageAttributeValue, SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import {
  ATTEMPT_ATTRIBUTE,
  type OutboxEntry,
  RUN_COMPLETED,
  type Stage,
  type StageRequested,
  stageOf,
} from '@music-etl/contracts';
import type { DeadLetterReason, Send, SendToDlq } from '../domain/ports.ts';

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

const sendToQueue = async (sqs: SQSClient, queueUrl: string, message: StageRequested, delaySeconds: number) => {
  await sqs.send(
    new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: JSON.stringify(message), DelaySeconds: delaySeconds }),
  );
};

const sendDeadLetter = async (
  sqs: SQSClient,
  deadLetterQueueUrl: string,
  body: string,
  why: DeadLetterReason & { readonly attempt: number | null; readonly job_run_id: string | null },
) => {
  await sqs.send(
    new SendMessageCommand({
      QueueUrl: deadLetterQueueUrl,
      MessageBody: body,
      MessageAttributes: {
        reason: text(why.reason),
        [ATTEMPT_ATTRIBUTE]: text(String(why.attempt ?? '-')),
        job_run_id: text(why.job_run_id ?? '-'),
        error: text(why.error),
      },
    }),
  );
};

const announceCompletion = async (events: EventBridgeClient, runId: string) => {
  const answer = await events.send(
    new PutEventsCommand({
      Entries: [
        {
          Source: RUN_COMPLETED.source,
          DetailType: RUN_COMPLETED.detailType,
          Detail: JSON.stringify({ run_id: runId }),
        },
      ],
    }),
  );
  // PutEvents reports rejected entries in a successful answer.
  if (answer.FailedEntryCount) {
    throw new Error(`EventBridge rejected run.completed of ${runId}: ${answer.Entries?.[0]?.ErrorMessage}`);
  }
};

/** Sends one outbox entry: a request to a queue, a dead-letter message, or the event that a run has completed. */
export const sendOutbox =
  (sqs: SQSClient, events: EventBridgeClient, addresses: OutboxAddresses): Send =>
  async (entry: OutboxEntry) => {
    switch (entry.kind) {
      case 'request':
        return sendToQueue(sqs, queueFor(stageOf(entry.message), addresses), entry.message, entry.delay_seconds);
      case 'dead_letter':
        return sendDeadLetter(sqs, addresses.deadLetterQueueUrl, JSON.stringify(entry.message), entry);
      case 'run_completed':
        return announceCompletion(events, entry.run_id);
    }
  };

/** Sends a message that no run can take to the dead-letter queue, body unchanged. */
export const sendToDlq =
  (sqs: SQSClient, deadLetterQueueUrl: string): SendToDlq =>
  (body, why) =>
    sendDeadLetter(sqs, deadLetterQueueUrl, body, { ...why, attempt: null, job_run_id: null });
