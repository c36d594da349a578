import type { OutboxEntry } from '@music-etl/contracts';

/** A document as it was read, with the ETag that a change must match. */
export interface Stored<T> {
  readonly value: T;
  readonly etag: string;
}

/** Parses what was read; throws on a document that is not of its type. */
export type Parse<T> = (value: unknown) => T;

/** Typed JSON documents; every write is conditional, a lost race answers false. */
export interface DocumentStore {
  read<T>(key: string, parse: Parse<T>): Promise<Stored<T> | null>;
  /** Writes only where nothing is (If-None-Match: *). */
  create(key: string, value: unknown): Promise<boolean>;
  /** Writes only over what was read (If-Match). */
  replace(key: string, value: unknown, etag: string): Promise<boolean>;
  /** Puts a marker: a document without a past, the same whoever writes it. */
  mark(key: string, value: unknown): Promise<void>;
  list(prefix: string): Promise<string[]>;
  remove(key: string): Promise<void>;
}

export const JOB_ENDED = ['SUCCEEDED', 'FAILED', 'TIMEOUT', 'STOPPED', 'ERROR', 'EXPIRED'] as const;

export interface JobRun {
  readonly id: string;
  readonly runId: string | null;
  readonly attempt: number;
  readonly state: string;
  readonly error: string | null;
}

export const hasEnded = (job: JobRun): boolean => JOB_ENDED.some((state) => state === job.state);

/** `full`: no capacity now (concurrent runs, throttling); not a failure. */
export type JobStart = { readonly jobRunId: string } | { readonly full: string };

/** The one Glue job of a stage. */
export interface Jobs {
  start(runId: string, attempt: number): Promise<JobStart>;
  get(jobRunId: string): Promise<JobRun | null>;
  /** A Glue run under way that carries this run id, whoever started it; an ended one is nothing to adopt. */
  find(runId: string): Promise<JobRun | null>;
}

export type Send = (entry: OutboxEntry) => Promise<void>;

/** What the attributes of a inDlq message say: why in a word or two, and what a person has to know. */
export interface DeadLetterReason {
  readonly reason: string;
  readonly error: string;
}

/** Puts a message that no run will ever take into the dead-letter queue, body unchanged. */
export type SendToDlq = (body: string, why: DeadLetterReason) => Promise<void>;

export interface Log {
  info(message: string, ...extra: Record<string, unknown>[]): void;
  warn(message: string, ...extra: Record<string, unknown>[]): void;
  error(message: string, ...extra: Record<string, unknown>[]): void;
}

/** Time, ids and chance, passed in. */
export interface World {
  readonly now: () => Date;
  readonly id: () => string;
  /** 0 ≤ x < 1. */
  readonly random: () => number;
}
