import { RESULTS, resultKey } from '@music-etl/contracts';
import { readChangeHead } from '../shared/change-log.ts';
import { readDocument } from '../shared/documents.ts';
import { mapLimit } from '../shared/map-limit.ts';
import type { OperationDeps } from '../shared/operations.ts';

const AT_ONCE = 8;

/** What a run, or several, did. */
export interface RunOutcome {
  dates: number;
  written: number;
  removed: number;
  /** Items whose values differ from those before. */
  changed: number;
}

/** Reads what a completed run did. Changes count only if its own generation made them. */
export const readOutcome = async (objects: OperationDeps['objects'], runId: string): Promise<RunOutcome> => {
  const load = await readDocument(objects, resultKey(runId, 'load'), RESULTS.load);
  const loaded = load?.dates ?? [];
  const heads = await mapLimit(loaded, AT_ONCE, ({ date, generation }) => readChangeHead(objects, date, generation));
  return {
    dates: loaded.length,
    written: loaded.reduce((sum, { written }) => sum + written, 0),
    removed: loaded.reduce((sum, { removed }) => sum + removed, 0),
    changed: heads.reduce((sum, head) => sum + (head?.run_id === runId ? head.changes : 0), 0),
  };
};

/** Sums the outcomes of runs. */
export const totalOutcome = (outcomes: Iterable<RunOutcome>): RunOutcome => {
  const total: RunOutcome = { dates: 0, written: 0, removed: 0, changed: 0 };
  for (const outcome of outcomes) {
    for (const name of ['dates', 'written', 'removed', 'changed'] as const) total[name] += outcome[name];
  }
  return total;
};
