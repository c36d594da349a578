import { realClock } from '../shared/clock.ts';
import type { RunView, Snapshot } from '../shared/pipeline/snapshot.ts';
import { watch } from '../shared/pipeline/watch.ts';
import type { Screen } from '../shared/ports.ts';
import type { Reached } from '../shared/reach.ts';
import { readDay } from '../show/read-day.ts';
import { renderDayShort } from '../show/render-day.ts';

const SHOWN = 3;

const isLoaded = ({ load, stages }: RunView): boolean => load !== null && stages.load?.state === 'closed';

const datesOf = (runs: readonly RunView[]): string[] => {
  const dates = runs.flatMap(({ kpi }) => kpi?.dates ?? []).filter(({ ledger }) => ledger.accepted > 0);
  return [...new Set(dates.map(({ date }) => date))].sort();
};

/** Prints what happens for as long as the process lives, and the KPIs of the dates that each run changed. */
export const watchDays = async (reached: Reached, screen: Screen, before: Snapshot): Promise<void> => {
  const seen = new Set(before.runs.keys());
  const look = async (): Promise<Snapshot> => {
    const snapshot = await reached.look();
    const loaded = [...snapshot.runs.values()].filter((run) => !seen.has(run.run_id) && isLoaded(run));
    for (const { run_id } of loaded) seen.add(run_id);
    for (const date of datesOf(loaded).slice(-SHOWN)) {
      for (const text of renderDayShort(await readDay(reached.table, date))) screen.line(text);
    }
    return snapshot;
  };
  await watch({ look, screen, clock: realClock }, () => null, before);
};
