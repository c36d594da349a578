import { IngestResult, requestStage } from '@music-etl/contracts';
import type { StageDefinition } from '@music-etl/stage';
import { measure } from './measure.ts';

/** A run whose files were all rejected, or wait for reference data, or that only brought reference data, ends here. */
export const definition: StageDefinition = {
  stage: 'ingest',
  next: (value, now) => {
    const result = IngestResult.parse(value);
    const prepared = result.files.some(({ outcome }) => outcome === 'prepared');
    return prepared
      ? [{ kind: 'request', message: requestStage('validate', result.run_id, now), delay_seconds: 0 }]
      : [];
  },
  measure,
};
