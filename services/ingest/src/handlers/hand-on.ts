import { createHandOnHandler } from '@music-etl/stage';
import { deps, formRun } from './deps.ts';

export const handler = createHandOnHandler(deps, formRun);
