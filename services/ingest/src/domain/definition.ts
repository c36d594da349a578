import { defineStage } from '@music-etl/stage';
import { measure } from './measure.ts';

/** A run ends here if it has no prepared file: all are rejected or wait, or only reference data has arrived. */
export const definition = defineStage('ingest', {
  measure,
  goesOn: ({ files }) => files.some(({ outcome }) => outcome === 'prepared'),
});
