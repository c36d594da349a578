import { createReconcileHandler } from '@music-etl/stage';
import { deps } from './deps.ts';

export const handler = createReconcileHandler(deps);
