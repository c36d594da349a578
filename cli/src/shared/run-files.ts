import { RunDocument, RunId, runKey } from '@music-etl/contracts';
import { mapLimit } from './map-limit.ts';
import type { Objects } from './ports.ts';

const AT_ONCE = 8;

/** Runs and what each was formed of; one whose document is not there is absent. */
export const readRuns = async (
  objects: Objects,
  runIds: Iterable<string | null>,
): Promise<ReadonlyMap<string, RunDocument>> => {
  const wanted = [...new Set(runIds)].filter((id) => id !== null && RunId.safeParse(id).success);
  const found = await mapLimit(wanted, AT_ONCE, async (id) => (id ? objects.read(runKey(id)) : null));
  const runs = found.flatMap((text) => (text === null ? [] : [RunDocument.parse(JSON.parse(text))]));
  return new Map(runs.map((run) => [run.run_id, run]));
};
