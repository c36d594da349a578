import { z } from 'zod';

/** What ingest's functions need of their environment beyond what every stage needs. */
export const IngestEnvironment = z.object({
  MAX_ACTIVE_RUNS: z.coerce.number().int().positive(),
  MAX_FILES_PER_RUN: z.coerce.number().int().positive(),
});
