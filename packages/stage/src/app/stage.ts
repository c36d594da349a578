import type { OutboxEntry, RunDocument, Stage, StageDocument } from '@music-etl/contracts';
import { activeKey, StageDocument as schema, stageKey } from '@music-etl/contracts';
import type { Limits } from '../domain/limits.ts';
import type { Measurement, Meter } from '../domain/measurement.ts';
import type { DocumentStore, Jobs, Log, Send, Stored, World } from '../domain/ports.ts';

/** What a stage's measurements stand on beside the job's result. */
export interface Closed {
  readonly runId: string;
  /** When the stage was closed. */
  readonly at: string;
  /** The run's document, where the stage reads it. */
  readonly run: RunDocument | null;
}

/** What makes one stage differ from another: its name, what follows from its job's result, and what that says in numbers. */
export interface StageDefinition {
  readonly stage: Stage;
  /** Parses the job's result and says what to send; throws on a result that is none. */
  readonly next: (result: unknown, now: Date) => OutboxEntry[];
  readonly measure: (result: unknown, closed: Closed) => Measurement[];
  /** Whether `measure` needs the run's document, which the stage's functions may then read. */
  readonly readsRun?: boolean;
}

export interface StageDeps {
  readonly definition: StageDefinition;
  readonly documents: DocumentStore;
  readonly jobs: Jobs;
  readonly send: Send;
  readonly world: World;
  readonly limits: Limits;
  readonly log: Log;
  readonly meter: Meter;
}

export const readStage = (deps: StageDeps, runId: string): Promise<Stored<StageDocument> | null> =>
  deps.documents.read(stageKey(runId, deps.definition.stage), (value) => schema.parse(value));

/** Writes a stage's document over what was read (or where nothing was); false when somebody else was first. */
export const writeStage = (deps: StageDeps, next: StageDocument, read: Stored<unknown> | null): Promise<boolean> => {
  const key = stageKey(next.run_id, next.stage);
  return read === null ? deps.documents.create(key, next) : deps.documents.replace(key, next, read.etag);
};

/**
 * Sends what a stage's document still owes, marks it sent, and takes a closed run off the list of active ones. A crash
 * in between sends twice, which the next claim absorbs; it never sends too little.
 */
export const flush = async (deps: StageDeps, runId: string): Promise<void> => {
  const read = await readStage(deps, runId);
  if (read === null) return;
  if (!read.value.sent) {
    for (const entry of read.value.outbox) await deps.send(entry);
    await writeStage(deps, { ...read.value, sent: true }, read);
  }
  if (read.value.state === 'closed') await deps.documents.remove(activeKey(runId, deps.definition.stage));
};
