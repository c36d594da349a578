import { createCompleteHandler } from '@music-etl/stage';
import { deps, formRun } from './deps.ts';

export const handler = createCompleteHandler(deps, formRun);
