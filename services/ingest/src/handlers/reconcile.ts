import { createReconcileHandler } from '@music-etl/stage';
import { deps, formRun } from './deps.ts';

export const handler = createReconcileHandler(deps, formRun);
