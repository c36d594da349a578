import { defineStage } from '@music-etl/stage';
import { measure } from './measure.ts';

/** A run without dates (no file has an accepted row) goes on too: its files still have to be archived. */
export const definition = defineStage('kpi', { measure });
