import { defineStage } from '@music-etl/stage';
import { measure } from './measure.ts';

/** A run whose files are all on hold, or taken by other runs, changes no KPI and ends here. */
export const definition = defineStage('validate', {
  measure,
  goesOn: ({ files }) => files.some(({ outcome }) => outcome === 'validated' || outcome === 'superseded'),
});
