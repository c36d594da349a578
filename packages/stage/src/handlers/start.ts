import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import { ATTEMPT_ATTRIBUTE, type Stage, StageRequested, stageOf } from '@music-etl/contracts';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { start } from '../app/start.ts';
import type { DeadLetterReason } from '../domain/ports.ts';
import type { HandlerDeps } from './deps.ts';
import { parseBody } from './parse-body.ts';

/** What a handler did: it handled the message, did not recognise it (false), or found that it never can be handled. */
export type Handled = boolean | { readonly sendToDlq: DeadLetterReason };

/** Handles one message: its body, and the attempt of the dead run if it is a redriven dead-letter message. */
export type MessageHandler = (body: unknown, redriven?: number | null) => Promise<Handled>;

/** Returns the run that the message names, for the log. */
const correlated = (body: unknown): { correlation_id?: string } => {
  const message = StageRequested.safeParse(body);
  return message.success ? { correlation_id: message.data.run_id } : {};
};

/** Handles `<stage>.requested` of its own stage. */
export const requestHandler =
  (deps: HandlerDeps): MessageHandler =>
  async (body, redriven = null) => {
    const message = StageRequested.safeParse(body);
    if (!message.success || stageOf(message.data) !== deps.definition.stage) return false;
    await start(deps, { message: message.data, redriven });
    return true;
  };

/** Returns the attempt that a redriven dead-letter message names; null for any other message. */
const redrivenAttempt = ({ messageAttributes }: SQSRecord): number | null => {
  const attempt = messageAttributes[ATTEMPT_ATTRIBUTE]?.stringValue ?? '';
  return /^[1-9]\d*$/.test(attempt) ? Number(attempt) : null;
};

/** Passes a message to the first handler that recognises it. Returns why it has to go to the DLQ; null when handled. */
const handleByFirst = async (
  handlers: readonly MessageHandler[],
  body: unknown,
  redriven: number | null,
  stage: Stage,
): Promise<DeadLetterReason | null> => {
  for (const handle of handlers) {
    const handled = await handle(body, redriven);
    if (handled === true) return null;
    if (handled !== false) return handled.sendToDlq;
  }
  return { reason: 'malformed message', error: `not a message of ${stage}` };
};

/**
 * Creates the function that reads a stage's queue. Each message of a batch fails alone (partial batch response). A
 * message that no handler recognises, or that can never be handled, goes to the dead-letter queue at once.
 * @param after runs once after each batch.
 */
export const createStartHandler = (
  deps: HandlerDeps,
  handlers: readonly MessageHandler[] = [requestHandler(deps)],
  after: () => Promise<void> = async () => {},
) => {
  const onRecord = async (record: SQSRecord): Promise<void> => {
    const body = parseBody(record.body);
    const about = { message_id: record.messageId, ...correlated(body) };
    try {
      const why = await handleByFirst(handlers, body, redrivenAttempt(record), deps.definition.stage);
      if (why === null) return;
      deps.log.error('a message is sent to the dead-letter queue', { ...about, ...why });
      await deps.sendToDlq(record.body, why);
      deps.meter([{ name: 'DeadLetters', value: 1 }]);
    } catch (error) {
      deps.log.error('a message failed and will be delivered again', { ...about, error });
      throw error;
    }
  };
  return middy<SQSEvent, SQSBatchResponse>()
    .use(injectLambdaContext(deps.log, { clearState: true }))
    .handler(async (event) => {
      const processor = new BatchProcessor(EventType.SQS);
      const response = await processPartialResponse(event, onRecord, processor, { throwOnFullBatchFailure: false });
      // The messages are handled. The reconciler repeats `after` and throws if it fails there.
      await after().catch((error: unknown) => deps.log.error('the step after a batch failed', { error }));
      return response;
    });
};
