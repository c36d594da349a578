import { activePrefix, nameUnder, type Stage, StageDocument, stageKey } from '@music-etl/contracts';
import { type DocumentSource, listKeys, readDocuments } from '../shared/documents.ts';
import type { DeadLetterMessage } from '../shared/pipeline/snapshot.ts';

/**
 * Finds the dead runs of a stage that none of its dead-letter messages names: SQS deletes a message after 14 days, and
 * the stage's document stays. It does no harm to request a run whose message still exists: of two requests that name
 * the same attempt, one resumes the run.
 * @param messages all dead-letter messages of the stage
 */
export const runsWithoutMessage = async (
  objects: DocumentSource,
  stage: Stage,
  messages: readonly Pick<DeadLetterMessage, 'run_id'>[],
): Promise<StageDocument[]> => {
  const prefix = activePrefix(stage);
  const keys = (await listKeys(objects, prefix)).map((key) => stageKey(nameUnder(prefix, key), stage));
  const documents = await readDocuments(objects, keys, StageDocument);
  return documents.filter(
    ({ state, sent, run_id }) => state === 'dead' && sent && !messages.some((message) => message.run_id === run_id),
  );
};
