import { createReconcileHandler } from '@music-etl/stage';
import { sweep } from '../app/sweep.ts';
import { deps, formRun, measureWhatPends, registerDeps } from './deps.ts';

const sweepAndForm = async (): Promise<void> => {
  const found = await sweep({ ...registerDeps, silenceSeconds: deps.limits.silenceSeconds });
  if (found > 0) await formRun();
};

/** Measures before it changes anything, and forms before it sweeps, which takes long where much lies, and again of what was found. */
export const handler = createReconcileHandler(deps, measureWhatPends, formRun, sweepAndForm);
