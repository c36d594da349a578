import type { ArchiveResult } from '@music-etl/contracts';
import { type Closed, counted, type Measurement, madeAt, secondsBetween } from '@music-etl/stage';

/** Measures how many files were archived, and how long the run took from its creation. */
export const measure = ({ files }: ArchiveResult, { runId, at }: Closed): Measurement[] => {
  // A backfill's runs have no files, and their ids are from the time of planning.
  const took: Measurement[] =
    files.length > 0 ? [{ name: 'RunSeconds', value: secondsBetween(madeAt(runId), at) }] : [];
  return [...counted({ FilesArchived: files.length }), ...took];
};
