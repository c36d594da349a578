import { activeKey, StageDocument, stageKey } from '@music-etl/contracts';
import type { StageDefinition } from '../domain/definition.ts';
import type { Limits } from '../domain/limits.ts';
import type { Meter } from '../domain/measurement.ts';
import type { DocumentStore, Jobs, Log, Send, Stored, World } from '../domain/ports.ts';

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
  deps.documents.read(stageKey(runId, deps.definition.stage), (value) => StageDocument.parse(value));

/** Writes a stage's document over the version that was read, or creates it. Returns false when it loses a race. */
export const writeStage = (deps: StageDeps, next: StageDocument, read: Stored<unknown> | null): Promise<boolean> => {
  const key = stageKey(next.run_id, next.stage);
  return read === null ? deps.documents.create(key, next) : deps.documents.replace(key, next, read.etag);
};

/**
 * Sends the outbox of a stage, marks it as sent, and removes the active marker of a closed run. After a crash in
 * between the messages are sent twice, which the next claim absorbs; they are never lost.
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
