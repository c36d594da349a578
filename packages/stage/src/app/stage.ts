import type { OutboxEntry, Stage, StageDocument } from '@music-etl/contracts';
import { activeKey, StageDocument as schema, stageKey } from '@music-etl/contracts';
import type { Limits } from '../domain/limits.ts';
import type { DocumentStore, Jobs, Log, Send, Stored, World } from '../domain/ports.ts';

/** What makes one stage differ from another: its name, and what follows from its job's result. */
export interface StageDefinition {
  readonly stage: Stage;
  /** Parses the job's result and says what to send; throws on a result that is none. */
  readonly next: (result: unknown, now: Date) => OutboxEntry[];
}

export interface StageDeps {
  readonly definition: StageDefinition;
  readonly documents: DocumentStore;
  readonly jobs: Jobs;
  readonly send: Send;
  readonly world: World;
  readonly limits: Limits;
  readonly log: Log;
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
