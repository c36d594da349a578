import type { KpiResult } from '@music-etl/contracts';
import { counted, type Measurement } from '@music-etl/stage';

/** Measures how many dates the run published, and for how many a newer run already had. */
export const measure = ({ dates }: KpiResult): Measurement[] => {
  const published = dates.filter((date) => date.published).length;
  return counted({ DatesPublished: published, DatesOvertaken: dates.length - published });
};
