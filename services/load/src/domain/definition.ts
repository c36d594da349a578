import { defineStage } from '@music-etl/stage';
import { measure } from './measure.ts';

/** Raw files are archived only after the table holds the run's numbers. */
export const definition = defineStage('load', { measure, readsRun: true });
