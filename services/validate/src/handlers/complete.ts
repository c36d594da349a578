import { createCompleteHandler } from '@music-etl/stage';
import { deps } from './deps.ts';

export const handler = createCompleteHandler(deps);
