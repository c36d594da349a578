import { ArchiveResult } from '@music-etl/contracts';
import type { Closed } from '@music-etl/stage';
import { counted, type Measurement, secondsBetween } from '@music-etl/stage/measurement';
import { madeAt } from '@music-etl/stage/run-id';

/** What went into the archive, and how long the run took from its forming to here. */
export const measure = (value: unknown, { runId, at }: Closed): Measurement[] => {
  const { files } = ArchiveResult.parse(value);
  // A backfill's runs have no files, and ids of when it was planned.
  const took: Measurement[] =
    files.length > 0 ? [{ name: 'RunSeconds', value: secondsBetween(madeAt(runId), at) }] : [];
  return [...counted({ FilesArchived: files.length }), ...took];
};
