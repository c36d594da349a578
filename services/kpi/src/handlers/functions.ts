import { createStageHandlers } from '@music-etl/stage/handlers';
import { definition } from '../domain/definition.ts';

export const { start, complete, reconcile } = createStageHandlers(definition);
