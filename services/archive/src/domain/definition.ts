import { ArchiveResult } from '@music-etl/contracts';
import type { StageDefinition } from '@music-etl/stage';
import { measure } from './measure.ts';

/** The end of the way: whoever waits for a run hears `run.completed` on EventBridge. */
export const definition: StageDefinition = {
  stage: 'archive',
  next: (value) => [{ kind: 'run_completed', run_id: ArchiveResult.parse(value).run_id }],
  measure,
};
