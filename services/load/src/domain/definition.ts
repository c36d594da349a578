import { LoadResult, requestStage } from '@music-etl/contracts';
import type { StageDefinition } from '@music-etl/stage';
import { measure } from './measure.ts';

/** Only when the table holds a run's numbers may its raw files leave. */
export const definition: StageDefinition = {
  stage: 'load',
  next: (value, now) => {
    const { run_id } = LoadResult.parse(value);
    return [{ kind: 'request', message: requestStage('archive', run_id, now), delay_seconds: 0 }];
  },
  measure,
  readsRun: true,
};
