import { defineStage } from '@music-etl/stage';
import { measure } from './measure.ts';

export const definition = defineStage('archive', { measure });
