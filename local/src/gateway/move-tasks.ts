import { z } from 'zod';
import { REGION } from '../environment.ts';
import { MAX_PER_SECOND, type MoveTask } from '../sqs/move-task.ts';
import type { MoveTasks } from '../sqs/move-tasks.ts';
import type { Queues } from '../sqs/ports.ts';
import { AwsError, handleAllowed, jsonResponse, parseInput } from './aws-json.ts';
import type { Exchange, HttpResponse, Interceptor, Next } from './exchange.ts';

const arn = z.string().regex(/^arn:aws:sqs:[^:]+:\d{12}:[\w.-]+$/);
const Start = z.object({
  SourceArn: arn,
  DestinationArn: arn.optional(),
  MaxNumberOfMessagesPerSecond: z.int().min(1).max(MAX_PER_SECOND).optional(),
});
const List = z.object({ SourceArn: arn, MaxResults: z.int().min(1).max(10).optional() });
const Cancel = z.object({ TaskHandle: z.string() });

const taskResult = (task: MoveTask): Record<string, unknown> => ({
  // Only a running task has a handle: no other can be cancelled.
  ...(task.status === 'RUNNING' ? { TaskHandle: task.handle } : {}),
  Status: task.status,
  SourceArn: task.sourceArn,
  ...(task.destinationArn === null ? {} : { DestinationArn: task.destinationArn }),
  ...(task.perSecond === null ? {} : { MaxNumberOfMessagesPerSecond: task.perSecond }),
  ApproximateNumberOfMessagesMoved: task.moved,
  ApproximateNumberOfMessagesToMove: task.toMove,
  ...(task.failure === null ? {} : { FailureReason: task.failure }),
  StartedTimestamp: task.startedAt,
});

type Operation = (exchange: Exchange, tasks: MoveTasks) => Promise<HttpResponse>;

const OPERATIONS: Record<string, Operation> = {
  'AmazonSQS.StartMessageMoveTask': async (exchange, tasks) => {
    const input = await parseInput(exchange, Start);
    const rate = input.MaxNumberOfMessagesPerSecond ?? null;
    const task = await tasks.start(input.SourceArn, input.DestinationArn ?? null, rate);
    return jsonResponse(200, { TaskHandle: task.handle }, '1.0');
  },
  'AmazonSQS.ListMessageMoveTasks': async (exchange, tasks) => {
    const { SourceArn, MaxResults = 1 } = await parseInput(exchange, List);
    return jsonResponse(200, { Results: tasks.list(SourceArn, MaxResults).map(taskResult) }, '1.0');
  },
  'AmazonSQS.CancelMessageMoveTask': async (exchange, tasks) => {
    const task = tasks.cancel((await parseInput(exchange, Cancel)).TaskHandle);
    return jsonResponse(200, { ApproximateNumberOfMessagesMoved: task.moved }, '1.0');
  },
};

/** The emulator does not have these operations, but checks the caller's permissions first. */
const handleNew = (exchange: Exchange, next: Next, handle: () => Promise<HttpResponse>): Promise<HttpResponse> =>
  handleAllowed({ exchange, next, version: '1.0', harmless: ['InvalidAction'] }, handle);

/** Handles SQS's message-move tasks. */
export const moveTaskInterceptor =
  (tasks: MoveTasks): Interceptor =>
  async (exchange, next) => {
    const operation = OPERATIONS[exchange.operation ?? ''];
    return operation ? handleNew(exchange, next, () => operation(exchange, tasks)) : next(exchange);
  };

const SourceQueues = z.object({ QueueUrl: z.url() });

const queueArn = (url: string): string => {
  const [account, name] = new URL(url).pathname.split('/').slice(-2);
  return `arn:aws:sqs:${REGION}:${account}:${name}`;
};

/** Handles ListDeadLetterSourceQueues; all queues are on one page. */
export const sourceQueuesInterceptor =
  (queues: Queues): Interceptor =>
  async (exchange, next) => {
    if (exchange.operation !== 'AmazonSQS.ListDeadLetterSourceQueues') return next(exchange);
    return handleNew(exchange, next, async () => {
      const queue = await queues.inspect(queueArn((await parseInput(exchange, SourceQueues)).QueueUrl));
      if (queue !== null) return jsonResponse(200, { queueUrls: queue.sources }, '1.0');
      throw new AwsError('AWS.SimpleQueueService.NonExistentQueue', 'The specified queue does not exist.');
    });
  };
