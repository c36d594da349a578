import type { LoadResult } from '@music-etl/contracts';
import { type Closed, counted, type Measurement, secondsBetween } from '@music-etl/stage';

/** Returns when the earliest of a run's files arrived; null for a run without files (a backfill). */
const earliestArrival = ({ run }: Closed): string | null =>
  run?.files.flatMap(({ arrived_at }) => arrived_at ?? []).sort()[0] ?? null;

/**
 * Measures what changed in the table and how fresh each date is: from the arrival of the run's earliest file to the
 * commit that reports all dates as complete.
 */
export const measure = ({ dates, committed_at }: LoadResult, closed: Closed): Measurement[] => {
  const total = (of: 'written' | 'removed'): number => dates.reduce((sum, date) => sum + date[of], 0);
  const counts = counted({ DatesLoaded: dates.length, ItemsWritten: total('written'), ItemsRemoved: total('removed') });
  const arrived = earliestArrival(closed);
  if (arrived === null) return counts;
  const seconds = secondsBetween(arrived, committed_at);
  const fresh = dates.map(({ date }) => ({ name: 'FreshnessSeconds', value: seconds, properties: { date } }) as const);
  return [...counts, ...fresh];
};
