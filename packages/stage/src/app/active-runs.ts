import { activePrefix, nameUnder, type Stage } from '@music-etl/contracts';
import type { DocumentStore } from '../domain/ports.ts';

/** Lists the ids in a stage's markers of active runs. */
export const activeRuns = async (documents: Pick<DocumentStore, 'list'>, stage: Stage): Promise<string[]> => {
  const prefix = activePrefix(stage);
  return (await documents.list(prefix)).map((key) => nameUnder(prefix, key));
};
