import type { Item, Line } from '../export/export-lines.ts';
import type { DeadLetter, QueueView } from './pipeline/snapshot.ts';

export interface ObjectInfo {
  key: string;
  etag: string;
}

/** The bucket. `read` gives null where nothing is. */
export interface Objects {
  list(prefix: string): AsyncIterable<ObjectInfo>;
  read(key: string): Promise<string | null>;
  open(key: string): Promise<AsyncIterable<Uint8Array>>;
  /** Uploads a file. */
  put(key: string, path: string): Promise<{ version_id: string; etag: string }>;
  /** Writes a text as an object. */
  write(key: string, text: string): Promise<void>;
}

/** The table of KPIs: a partition between two sort keys (both included), or a period through the index. */
export interface KpiTable {
  partition(metricKey: string, from: string, to: string): AsyncIterable<Item>;
  period(periodKey: string): AsyncIterable<Item>;
}

export interface Queues {
  look(): Promise<QueueView[]>;
  letters(queues: readonly QueueView[]): Promise<DeadLetter[]>;
}

/** Where a command says what happens: whole lines, and one line that a terminal refreshes. */
export interface Screen {
  line(text: string): void;
  progress(text: string): void;
}

export interface Clock {
  now(): number;
  sleep(ms: number): Promise<void>;
}

/** Where an export goes: nothing of it is seen before `commit`. */
export interface ExportSink {
  write(name: string, lines: AsyncIterable<string>): Promise<number>;
  sorted(lines: AsyncIterable<Line>): AsyncIterable<string>;
  commit(): Promise<void>;
  abandon(): Promise<void>;
}

/** A running local local stack. */
export interface RunningStack {
  endpoint: string;
  env: Record<string, string>;
  /** What was broken on purpose, by kind; absent or empty on a local stack without faults. */
  faultCounts?(): Readonly<Record<string, number>>;
  stop(): Promise<void>;
}

/** Deploys every service to a local stack, saying how it goes. */
export type Deploy = (localStack: RunningStack, screen: Screen) => Promise<void>;
