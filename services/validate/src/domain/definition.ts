import { requestStage, ValidateResult } from '@music-etl/contracts';
import type { StageDefinition } from '@music-etl/stage';
import { measure } from './measure.ts';

/** A run none of whose files stands (all held, or taken by another run) has nothing to compute and ends here. */
export const definition: StageDefinition = {
  stage: 'validate',
  next: (value, now) => {
    const result = ValidateResult.parse(value);
    const stands = result.files.some(({ outcome }) => outcome === 'validated' || outcome === 'superseded');
    return stands ? [{ kind: 'request', message: requestStage('kpi', result.run_id, now), delay_seconds: 0 }] : [];
  },
  measure,
};
