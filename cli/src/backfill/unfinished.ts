import type { BackfillDocument } from '@music-etl/contracts';

/** Finds the unfinished backfill of the same dates with the same snapshot, the newest of several. */
export const findUnfinished = (
  backfills: readonly BackfillDocument[],
  { from, to }: { from: string; to: string },
  referenceVersion: string,
): BackfillDocument | null =>
  backfills
    .filter(
      (backfill) =>
        backfill.completed_at === null &&
        backfill.from === from &&
        backfill.to === to &&
        backfill.reference_version === referenceVersion,
    )
    .sort((a, b) => (a.backfill_id < b.backfill_id ? 1 : -1))[0] ?? null;

/** Lists other unfinished backfills that share dates with this one. */
export const overlapping = (backfills: readonly BackfillDocument[], own: BackfillDocument): BackfillDocument[] => {
  const dates = new Set(own.runs.flatMap((run) => run.dates));
  return backfills.filter(
    (other) =>
      other.backfill_id !== own.backfill_id &&
      other.completed_at === null &&
      other.runs.some((run) => run.dates.some((date) => dates.has(date))),
  );
};
