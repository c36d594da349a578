import { BACKFILL_STAGES, RunDocument, runKey, StageDocument, stageKey } from '@music-etl/contracts';
import { type DocumentSource, readDocument } from '../shared/documents.ts';

/** How far a run is. `requested`: its document exists, its message was not claimed or perhaps never sent. */
export type RunProgress =
  | { kind: 'absent' }
  | { kind: 'requested' }
  | { kind: 'active'; stage: string }
  | { kind: 'dead'; stage: StageDocument }
  | { kind: 'done' };

/** Determines a run's progress from its claimed stages, in order. */
export const runProgress = (exists: boolean, stages: readonly StageDocument[]): RunProgress => {
  if (!exists) return { kind: 'absent' };
  if (stages.some(({ stage, state }) => stage === BACKFILL_STAGES.at(-1) && state === 'closed'))
    return { kind: 'done' };
  const dead = stages.find(({ state }) => state === 'dead');
  if (dead) return { kind: 'dead', stage: dead };
  const last = stages.at(-1);
  return last ? { kind: 'active', stage: last.stage } : { kind: 'requested' };
};

/** Reads a run's progress from its documents. */
export const readProgress = async (objects: DocumentSource, runId: string): Promise<RunProgress> => {
  const stages: StageDocument[] = [];
  for (const stage of BACKFILL_STAGES) {
    const found = await readDocument(objects, stageKey(runId, stage), StageDocument);
    if (found === null) break;
    stages.push(found);
  }
  const exists = stages.length > 0 || (await readDocument(objects, runKey(runId), RunDocument)) !== null;
  return runProgress(exists, stages);
};
