import { RunDocument, RunId, runKey } from '@music-etl/contracts';
import { type DocumentSource, readDocuments } from './documents.ts';

/** Reads the documents of runs by their ids; a run whose document is gone is left out. */
export const readRuns = async (
  source: Pick<DocumentSource, 'read'>,
  runIds: Iterable<string | null>,
): Promise<ReadonlyMap<string, RunDocument>> => {
  const known = [...new Set(runIds)].flatMap((id) => RunId.safeParse(id).data ?? []);
  const runs = await readDocuments(source, known.map(runKey), RunDocument);
  return new Map(runs.map((run) => [run.run_id, run]));
};
