import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import { type Stage, StageRequested, stageOf } from '@music-etl/contracts';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { start } from '../app/start.ts';
import type { DeadLetterReason } from '../domain/ports.ts';
import type { HandlerDeps } from './deps.ts';

/** What became of a message: taken, not known to this handler (false), or fit for nothing but the dead-letter queue. */
export type Handled = boolean | { readonly sendToDlq: DeadLetterReason };

/** Handles one message body. */
export type MessageHandler = (body: unknown) => Promise<Handled>;

/** Half a character: JSON can write it, UTF-8 cannot, and no document or key that has it could be written again. */
const LONE_SURROGATE = /\p{Surrogate}/u;

const wellFormed = (key: string, value: unknown): unknown => {
  if (LONE_SURROGATE.test(key) || (typeof value === 'string' && LONE_SURROGATE.test(value))) throw new Error('no text');
  return value;
};

const parseBody = (body: string): unknown => {
  try {
    return JSON.parse(body, wellFormed);
  } catch {
    return undefined;
  }
};

/** The run a message is about, to find the line by. */
const correlated = (body: unknown): { correlation_id?: string } => {
  const message = StageRequested.safeParse(body);
  return message.success ? { correlation_id: message.data.run_id } : {};
};

/** Takes `<stage>.requested` of its own stage. */
export const requestHandler =
  (deps: HandlerDeps): MessageHandler =>
  async (body) => {
    const message = StageRequested.safeParse(body);
    if (!message.success || stageOf(message.data) !== deps.definition.stage) return false;
    await start(deps, message.data);
    return true;
  };

/** Gives a message to the first handler that knows it; null when it was taken, else why it has to be inDlq. */
const firstToKnow = async (
  handlers: readonly MessageHandler[],
  body: unknown,
  stage: Stage,
): Promise<DeadLetterReason | null> => {
  for (const handle of handlers) {
    const handled = await handle(body);
    if (handled === true) return null;
    if (handled !== false) return handled.sendToDlq;
  }
  return { reason: 'malformed message', error: `not a message of ${stage}` };
};

/**
 * The function behind a stage's queue. Messages are taken one by one, and each fails alone (partial batch response);
 * one that no handler knows, or that can never be done, goes to the dead-letter queue at once, since it would never
 * become better.
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
      const why = await firstToKnow(handlers, body, deps.definition.stage);
      if (why === null) return;
      deps.log.error('a message goes to the dead-letter queue', { ...about, ...why });
      await deps.sendToDlq(record.body, why);
      deps.meter([{ name: 'DeadLetters', value: 1 }]);
    } catch (error) {
      deps.log.error('a message failed and will come again', { ...about, error });
      throw error;
    }
  };
  return middy<SQSEvent, SQSBatchResponse>()
    .use(injectLambdaContext(deps.log, { clearState: true }))
    .handler(async (event) => {
      const processor = new BatchProcessor(EventType.SQS);
      const response = await processPartialResponse(event, onRecord, processor, { throwOnFullBatchFailure: false });
      // What was taken note of is safe; the reconciler does `after` again and is heard when it fails.
      await after().catch((error: unknown) => deps.log.error('what follows a batch failed', { error }));
      return response;
    });
};
