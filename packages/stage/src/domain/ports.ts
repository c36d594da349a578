import type { OutboxEntry } from '@music-etl/contracts';

/** A document as it was read, with the ETag that a change must match. */
export interface Stored<T> {
  readonly value: T;
  readonly etag: string;
}

/** Parses what was read; throws on a document that is not of its type. */
export type Parse<T> = (value: unknown) => T;

/** Typed JSON documents. Every write but `mark` is conditional and returns false when it loses a race. */
export interface DocumentStore {
  read<T>(key: string, parse: Parse<T>): Promise<Stored<T> | null>;
  /** Writes only where there is no document (If-None-Match: *). */
  create(key: string, value: unknown): Promise<boolean>;
  /** Writes only over the version that was read (If-Match). */
  replace(key: string, value: unknown, etag: string): Promise<boolean>;
  /** Writes a marker: a document whose content is the same whoever writes it. */
  mark(key: string, value: unknown): Promise<void>;
  list(prefix: string): Promise<string[]>;
  remove(key: string): Promise<void>;
}

const JOB_ENDED = ['SUCCEEDED', 'FAILED', 'TIMEOUT', 'STOPPED', 'ERROR', 'EXPIRED'];

export interface JobRun {
  readonly id: string;
  readonly runId: string | null;
  readonly attempt: number;
  readonly state: string;
  readonly error: string | null;
}

export const hasEnded = (job: JobRun): boolean => JOB_ENDED.includes(job.state);

/** `atCapacity`: Glue cannot start the job now (concurrent runs, throttling). This is not a failure. */
export type JobStart = { readonly jobRunId: string } | { readonly atCapacity: string };

/** The one Glue job of a stage. */
export interface Jobs {
  start(runId: string, attempt: number): Promise<JobStart>;
  get(jobRunId: string): Promise<JobRun | null>;
  /** Returns the Glue run of this run id that has not ended, whoever started it. */
  find(runId: string): Promise<JobRun | null>;
}

export type Send = (entry: OutboxEntry) => Promise<void>;

/** The attributes of a dead-letter message: a reason of two or three words, and what a person has to know. */
export interface DeadLetterReason {
  readonly reason: string;
  readonly error: string;
}

/** Sends a message that no run can ever take to the dead-letter queue, body unchanged. */
export type SendToDlq = (body: string, why: DeadLetterReason) => Promise<void>;

export interface Log {
  info(message: string, ...extra: Record<string, unknown>[]): void;
  warn(message: string, ...extra: Record<string, unknown>[]): void;
  error(message: string, ...extra: Record<string, unknown>[]): void;
}

/** Time, ids and randomness, passed in. */
export interface World {
  readonly now: () => Date;
  readonly id: () => string;
  /** 0 ≤ x < 1. */
  readonly random: () => number;
}
