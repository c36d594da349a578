import { z } from 'zod';
import { REGION } from '../environment.ts';
import { MAX_PER_SECOND, type MoveTask, type MoveTasks, type Queues } from '../sqs/move-tasks.ts';
import { AwsError, answering, authorise, jsonAnswer, parseInput } from './aws-json.ts';
import type { Answer, Exchange, Interceptor } from './exchange.ts';

const arn = z.string().regex(/^arn:aws:sqs:[^:]+:\d{12}:[\w.-]+$/);
const Start = z.object({
  SourceArn: arn,
  DestinationArn: arn.optional(),
  MaxNumberOfMessagesPerSecond: z.int().min(1).max(MAX_PER_SECOND).optional(),
});
const List = z.object({ SourceArn: arn, MaxResults: z.int().min(1).max(10).optional() });
const Cancel = z.object({ TaskHandle: z.string() });

const shown = (task: MoveTask): Record<string, unknown> => ({
  // Only a running task can be cancelled; only it shows its handle.
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

type Operation = (exchange: Exchange, tasks: MoveTasks) => Promise<Answer>;

const OPERATIONS: Record<string, Operation> = {
  'AmazonSQS.StartMessageMoveTask': async (exchange, tasks) => {
    const input = await parseInput(exchange, Start);
    const rate = input.MaxNumberOfMessagesPerSecond ?? null;
    const task = await tasks.start(input.SourceArn, input.DestinationArn ?? null, rate);
    return jsonAnswer(200, { TaskHandle: task.handle }, '1.0');
  },
  'AmazonSQS.ListMessageMoveTasks': async (exchange, tasks) => {
    const { SourceArn, MaxResults = 1 } = await parseInput(exchange, List);
    return jsonAnswer(200, { Results: tasks.list(SourceArn, MaxResults).map(shown) }, '1.0');
  },
  'AmazonSQS.CancelMessageMoveTask': async (exchange, tasks) => {
    const task = tasks.cancel((await parseInput(exchange, Cancel)).TaskHandle);
    return jsonAnswer(200, { ApproximateNumberOfMessagesMoved: task.moved }, '1.0');
  },
};

const UNKNOWN_TO_EMULATOR = ['InvalidAction'];

/** SQS's message-move tasks, which the emulator checks permissions for but does not know. */
export const moveTaskInterceptor =
  (tasks: MoveTasks): Interceptor =>
  async (exchange, next) => {
    const operation = OPERATIONS[exchange.operation ?? ''];
    if (!operation) return next(exchange);
    return answering('1.0', async () => {
      const rejection = await authorise(exchange, next, UNKNOWN_TO_EMULATOR);
      return rejection ?? operation(exchange, tasks);
    });
  };

const SourceQueues = z.object({ QueueUrl: z.url() });

const queueArn = (url: string): string => {
  const [account, name] = new URL(url).pathname.split('/').slice(-2);
  return `arn:aws:sqs:${REGION}:${account}:${name}`;
};

/** ListDeadLetterSourceQueues, which the emulator does not know either; all on one page. */
export const sourceQueuesInterceptor =
  (queues: Queues): Interceptor =>
  async (exchange, next) => {
    if (exchange.operation !== 'AmazonSQS.ListDeadLetterSourceQueues') return next(exchange);
    return answering('1.0', async () => {
      const rejection = await authorise(exchange, next, UNKNOWN_TO_EMULATOR);
      if (rejection !== null) return rejection;
      const queue = await queues.inspect(queueArn((await parseInput(exchange, SourceQueues)).QueueUrl));
      if (queue !== null) return jsonAnswer(200, { queueUrls: queue.feeders }, '1.0');
      throw new AwsError('AWS.SimpleQueueService.NonExistentQueue', 'The specified queue does not exist.');
    });
  };
