import { createHandOnHandler } from '@music-etl/stage';
import { deps } from './deps.ts';

export const handler = createHandOnHandler(deps);
