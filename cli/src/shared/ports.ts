import type { Item } from './aws/item.ts';
import type { DeadLetterMessage, QueueView } from './pipeline/snapshot.ts';

export interface ObjectInfo {
  key: string;
  etag: string;
}

/** The bucket. */
export interface Objects {
  list(prefix: string): AsyncIterable<ObjectInfo>;
  /** Reads the text of an object; null where there is none. */
  read(key: string): Promise<string | null>;
  open(key: string): Promise<AsyncIterable<Uint8Array>>;
  /** Uploads a file. */
  put(key: string, path: string): Promise<{ version_id: string; etag: string }>;
  /** Writes a text as an object. */
  write(key: string, text: string): Promise<void>;
}

/** The table of KPIs. */
export interface KpiTable {
  /** Reads a partition between two sort keys, both included. */
  partition(metricKey: string, from: string, to: string): AsyncIterable<Item>;
  /** Reads a metric's items of one date through the index. */
  period(periodKey: string): AsyncIterable<Item>;
}

/** The queues of the pipeline, dead-letter queues among them. */
export interface Queues {
  look(): Promise<QueueView[]>;
  /** Reads dead-letter messages and leaves them in their queues. */
  deadLetterMessages(queues: readonly QueueView[]): Promise<DeadLetterMessage[]>;
}

/** Sends a message to a queue by its name. @throws UserError where there is no such queue */
export type SendMessage = (queue: string, message: unknown) => Promise<void>;

/** What a command prints: whole lines, and one line that a terminal refreshes. */
export interface Screen {
  line(text: string): void;
  progress(text: string): void;
}

export interface Clock {
  now(): number;
  sleep(ms: number): Promise<void>;
}
