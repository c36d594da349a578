import type { StageDocument } from '@music-etl/contracts';
import type { DeadLetterMessage } from '../shared/pipeline/snapshot.ts';

/** A dead-letter queue, or the queue that its messages go back to. */
export interface Queue {
  name: string;
  url: string;
  arn: string;
  messages: number;
  /** Messages that somebody has received; a move takes them only when they are visible again. */
  hidden: number;
}

/** A move task of SQS. No two moves out of a queue have the same `started_at` (ms). */
export interface MoveTask {
  status: string;
  moved: number;
  /** null until SQS has counted. */
  to_move: number | null;
  failure: string | null;
  started_at: number;
}

/** Dead-letter queues and SQS's move tasks. */
export interface DeadLetterQueues {
  /** Finds a queue by its name; null if there is none. */
  find(name: string): Promise<Queue | null>;
  /** Reads up to `max` messages and leaves them in the queue. */
  peek(queue: Queue, max: number): Promise<DeadLetterMessage[]>;
  /** Requests a dead run again, as its redriven dead-letter message would. */
  resume(queue: Queue, dead: Pick<StageDocument, 'message' | 'attempt'>): Promise<void>;
  /** Starts a move; without a rate, SQS chooses one. */
  startMove(from: Queue, to: Queue, perSecond: number | null): Promise<void>;
  /** Returns the newest move out of a queue; null if there was none. */
  lastMove(from: Queue): Promise<MoveTask | null>;
}

export const isRunning = (task: MoveTask | null): task is MoveTask =>
  task?.status === 'RUNNING' || task?.status === 'CANCELLING';
