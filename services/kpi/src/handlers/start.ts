import { createStartHandler } from '@music-etl/stage';
import { deps } from './deps.ts';

export const handler = createStartHandler(deps);
