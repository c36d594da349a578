import { KpiResult, requestStage } from '@music-etl/contracts';
import type { StageDefinition } from '@music-etl/stage';
import { measure } from './measure.ts';

/** A run without dates (its files had no accepted row) goes on too: its files still have to reach the archive. */
export const definition: StageDefinition = {
  stage: 'kpi',
  next: (value, now) => {
    const { run_id } = KpiResult.parse(value);
    return [{ kind: 'request', message: requestStage('load', run_id, now), delay_seconds: 0 }];
  },
  measure,
};
