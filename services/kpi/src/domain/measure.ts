import { KpiResult } from '@music-etl/contracts';
import { counted, type Measurement } from '@music-etl/stage/measurement';

/** Which of the run's dates are published with its numbers, and which a newer run had published already. */
export const measure = (value: unknown): Measurement[] => {
  const { dates } = KpiResult.parse(value);
  const published = dates.filter((date) => date.published).length;
  return counted({ DatesPublished: published, DatesOvertaken: dates.length - published });
};
